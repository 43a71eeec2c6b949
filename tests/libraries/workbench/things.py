import enum


class Colour(enum.Enum):
    RED = "r"
    BLUE = "b"


class Counter:
    unit = "steps"
    _hidden = 7

    def __init__(self, start=0):
        self.value = start

    def increment(self, by=1):
        self.value += by
        return self.value

    def itself(self):
        return self

    @property
    def doubled(self):
        return self.value * 2

    @classmethod
    def named(cls, text):
        return cls(int(text))

    @staticmethod
    def zero():
        return 0

    def unlisted(self):
        return "not in the bundle"


class _Fast(Counter):
    def increment(self, by=1):
        return super().increment(by * 10)


class Shelf(dict):
    def total(self):
        return sum(self.values())


class Impostor:
    def increment(self, by=1):
        return "must never be called"


Impostor.__name__ = Impostor.__qualname__ = "Counter"


def fast():
    return _Fast()


def impostor():
    return Impostor()


def nothing_of_ours():
    return [object(), Counter(1)]


def module():
    return enum


class Maker:
    def __new__(cls, *args, **kwargs):
        return super().__new__(_Made if "more" in kwargs else cls)

    def __init__(self, key):
        self.key = key


class _Made(Maker):
    def __init__(self, key, more):
        super().__init__(key)
        self.more = more
