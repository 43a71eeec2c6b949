class Rude(type):
    def __getattribute__(cls, name):
        raise RuntimeError("do not look at me")


class Unspeakable(Exception):
    def __str__(self):
        raise SystemExit(1)


def unspeakable():
    raise Unspeakable


def untouchable():
    raise Rude("Untouchable", (Exception,), {})


def surrogates():
    raise type("Odd", (Exception,), {"__module__": "\udc80"})("\udcff")


def odd_object():
    return type("Odd", (), {"__module__": "\udc80"})()


def swallowing():
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
