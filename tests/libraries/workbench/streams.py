import time


def count(n):
    yield from range(n)
    return "done"


def forever(tell=None):
    try:
        number = 0
        while True:
            yield number
            number += 1
    finally:
        if tell:
            with open(tell, "w") as pipe:
                pipe.write("closed")


async def ticks(n):
    for number in range(n):
        yield number


def broken(n):
    yield from range(n)
    raise LookupError("out of numbers")


def slow(tell):
    try:
        time.sleep(60)
    finally:
        with open(tell, "w") as pipe:
            pipe.write("cleaned")
    yield 1
