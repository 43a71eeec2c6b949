import asyncio

LIMIT = 12


def echo(value=None):
    return value


def length(value):
    return len(value)


def add(left, right, /, *, scale=1):
    return (left + right) * scale


async def double(number):
    return number * 2


def fail(message):
    try:
        raise KeyError("first")
    except KeyError as error:
        raise ValueError(message) from error


def fail_together(messages):
    group = ExceptionGroup("together", [ConnectionError(one) for one in messages])
    group.add_note("both at once")
    raise group


async def wait(seconds, tell):
    try:
        await asyncio.sleep(seconds)
    finally:
        with open(tell, "w") as pipe:
            pipe.write("cleaned")
