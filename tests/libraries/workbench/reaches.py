import ctypes
import os
import signal
import socket
import subprocess
import tempfile
import threading


def read(path):
    with open(path) as file:
        return len(file.read())


def write(path):
    with open(path, "w") as file:
        return file.write("x")


def write_temporary():
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(b"x")
    os.rename(file.name, file.name + ".moved")
    return file.name + ".moved"


def folder():
    return tempfile.gettempdir()


def look_at_parent():
    return read(f"/proc/{os.getppid()}/environ")


def end_parent():
    os.kill(os.getppid(), signal.SIGTERM)


def run():
    return subprocess.run(["/bin/true"]).returncode


def open_socket():
    socket.socket().close()
    return "open"


def connect_pair():
    one, other = socket.socketpair()
    with one, other:
        one.send(b"hello")
        return other.recv(5).decode()


def allocate(mib):
    held = bytearray(mib << 20)
    return len(held) >> 20


def leave_the_namespace():
    if ctypes.CDLL(None, use_errno=True).unshare(0x10000000):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def trace():
    if ctypes.CDLL(None, use_errno=True).ptrace(0, 0, 0, 0) == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def import_more():
    import json.tool
    import sqlite3

    return [json.tool.__name__, sqlite3.__name__]


def start_thread():
    done = []
    thread = threading.Thread(target=done.append, args=(1,))
    thread.start()
    thread.join()
    return done
