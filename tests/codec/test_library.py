"""A descriptor put together from its parts is the descriptor."""

import msgspec
from hypothesis import given, settings

import strategies
from pybridge.codec import digest, encode, encode_library, put_together
from stored_libraries import library


@given(strategies.descriptors)
@settings(max_examples=50)
def test_the_digest_of_the_parts_is_the_digest_of_the_whole(descriptor):
    header = msgspec.structs.replace(descriptor, modules=())
    modules = {one.name: encode(one) for one in descriptor.modules}

    assert put_together(header, modules).digest == digest(descriptor)
    assert encode_library(descriptor).digest == digest(descriptor)


def test_texts_that_look_like_json_or_are_no_utf_8_stay_texts():
    hostile = msgspec.structs.replace(library(docstring='"}]\ud800'), distribution='a","modules":[\ud800')

    assert encode_library(hostile).digest == digest(hostile)
