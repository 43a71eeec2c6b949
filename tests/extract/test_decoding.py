import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pybridge.extract.decoding import bracket_depth, decode, exact_bracket_depth
from pybridge.model.diagnostic import Diagnostic


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"x = 1\n", "x = 1\n"),
        (codecs.BOM_UTF8 + "é".encode(), "é"),
        (codecs.BOM_UTF8 + b"# coding: utf-8\n", "# coding: utf-8\n"),
        (b"# -*- coding: latin-1 -*-\n'\xe9'", "# -*- coding: latin-1 -*-\n'é'"),
        (
            b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n'\x80'",
            "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n'€'",
        ),
        (b"# coding: shift_jis\n'\x83e'", "# coding: shift_jis\n'テ'"),
        (b"x = 1\n# coding: latin-1\n'\xc3\xa9'", "x = 1\n# coding: latin-1\n'é'"),
        (b"a\rb\r\nc\n", "a\nb\nc\n"),
    ],
)
def test_text_is_decoded_as_python_does(data: bytes, text: str) -> None:
    assert decode(data, "m.py") == text


@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        b"# coding: utf-8\n\xe9",
        b"# coding: ascii\n\xe9",
        b"# coding: nonsense\n",
        b"# coding: zlib_codec\n",
        b"# coding: rot13\n",
        b"# coding: unicode_escape\n\\ud800",
        b"# coding: utf-16\n",
        b"# coding: utf-7\n",
        b"# coding: idna\n",
        codecs.BOM_UTF8 + b"# coding: latin-1\n",
        codecs.BOM_UTF16_LE + b"x",
    ],
)
def test_what_is_no_text_is_one_finding(data: bytes) -> None:
    found = decode(data, "m.py")

    assert isinstance(found, Diagnostic)
    assert (found.code, found.path) == ("bad-encoding", "m.py")


@given(data=st.binary(max_size=200))
def test_any_bytes_give_text_or_a_finding(data: bytes) -> None:
    found = decode(data, "m.py")

    assert isinstance(found, Diagnostic) or "\r" not in found


def test_brackets_in_strings_and_comments_do_not_count_in_the_end() -> None:
    sad = b"FACES = [" + b'":(", ' * 500 + b"]  # ((("

    assert exact_bracket_depth(sad.decode()) == 1
    assert isinstance(decode(sad, "m.py"), str)


@given(
    code=st.recursive(
        st.just(b"1"),
        lambda inner: st.sampled_from((b"(%b)", b"[%b]", b"{%b}(1)")).flatmap(
            lambda form: inner.map(lambda one: form % one)
        ),
        max_leaves=30,
    )
)
def test_the_estimate_of_depth_is_never_too_low_in_plain_code(code: bytes) -> None:
    exact = exact_bracket_depth(code.decode())

    assert exact <= bracket_depth(code) <= 3 * exact
