import pathlib
import time


def count(n):
    for number in range(n):
        yield number
    return "done"


def forever(log=None):
    number = 0
    try:
        while True:
            yield number
            number += 1
            if log:
                pathlib.Path(log, "produced").write_text(str(number))
    finally:
        if log:
            pathlib.Path(log, "closed").write_text("yes")


async def ticks(n):
    for number in range(n):
        yield number


def broken(n):
    yield from range(n)
    raise LookupError("out of numbers")


def slow(log):
    pathlib.Path(log, "started").touch()
    try:
        time.sleep(60)
    finally:
        pathlib.Path(log, "cleaned").touch()
    yield 1
