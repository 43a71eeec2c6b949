import numpy


def counting():
    array = numpy.zeros(1000, "i8")
    for number in range(3):
        array[0] = number
        yield array
    array[0] = 3
    return array


def zeros():
    return numpy.zeros(1000, "i8")


def filled(array):
    array[:] = 1
    return array


def total(array):
    return array.sum()


def large(mebibytes, fill=0):
    return numpy.full(mebibytes * 1024 * 1024, fill, "u1")


async def large_later(mebibytes):
    return numpy.zeros(mebibytes * 1024 * 1024, "u1")


def size(array):
    return array.nbytes
