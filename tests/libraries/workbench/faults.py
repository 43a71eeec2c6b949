import ctypes
import os
import signal
import sys


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
