import asyncio

_gates = {}


def _gate(name):
    return _gates.setdefault(name, asyncio.Event())


async def patient(gate, tell=None):
    if tell:
        with open(tell, "w") as pipe:
            pipe.write("waiting")
    try:
        await _gate(gate).wait()
    finally:
        _gates.setdefault("left", []).append(gate)
    return gate


def let_go(gate):
    _gate(gate).set()
    return True


def left():
    return _gates.get("left", [])


async def pulse():
    number = 0
    try:
        while True:
            yield number
            number += 1
    finally:
        _gates.setdefault("left", []).append("pulse")


async def stubborn(tell):
    while True:
        try:
            await patient("never", tell)
        except asyncio.CancelledError:
            continue


async def exits(below):
    async def leave():
        raise SystemExit(3)

    if not below:
        raise SystemExit(4)
    task = asyncio.ensure_future(leave())
    await asyncio.wait([task])
    return type(task.exception()).__name__


async def _double(number):
    await asyncio.sleep(0)
    return number * 2


def own_loop(number):
    return asyncio.run(_double(number))


def unsaid(number):
    return _double(number)


async def stops_the_loop():
    asyncio.get_running_loop().stop()
    await asyncio.sleep(0)
    return "still here"
