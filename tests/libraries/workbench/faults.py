import collections
import ctypes
import itertools
import os
import signal
import sys
import threading


def leave(code):
    os._exit(code)


def crash():
    ctypes.string_at(0)


def system_exit():
    sys.exit(3)


def interrupt():
    raise KeyboardInterrupt


def spin(tell=None):
    if tell:
        with open(tell, "w") as pipe:
            pipe.write("spinning")
    while True:
        pass


def deaf(tell=None):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    spin(tell)


def shout():
    print("on stdout" * 1000)
    os.write(1, b"\x00\x01raw\n")
    sys.stdout.flush()
    return "ok"


def fork_and_return():
    if os.fork() == 0:
        return "copy"
    os.wait()
    return "original"


def chatter(lines):
    for number in range(lines):
        print("chatter" * 10, number)
    return lines


times = 0


def held_up(tell, go):
    global times
    times += 1
    with open(tell, "w") as pipe:
        pipe.write("running")
    with open(go) as pipe:
        pipe.read()
    return times


class Bottomless(BaseException):
    pass


def abort():
    os.abort()


def base_exception():
    raise Bottomless("not an Exception")


def deadlock():
    lock = threading.Lock()
    with lock, lock:
        return "never"


def hold_the_interpreter():
    collections.deque(itertools.repeat(None), maxlen=0)  # a loop in C that neither ends nor looks up


def leak(mib):
    held = []
    for _ in range(mib // 64):
        held.append(bytearray(64 << 20))
    return len(held)
