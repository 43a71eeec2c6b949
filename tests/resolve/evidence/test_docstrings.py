"""Docstrings of four styles are read alike, and hostile ones cost no time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pybridge.codec import encode
from pybridge.resolve.evidence import DocFacts, DocParameter, DocStyle, DocValue, read_docstring

GOOGLE = """Do a thing.

    More of it:
        indented.

    Args:
        name (str): The name: of it.
            Goes on.
        sizes (dict[str, "a:b"], optional): Sizes.
        *args: Rest.
        x, y (int): Both.
    Returns:
        list of str: What came out.
    Raises:
        ValueError: When bad.
        KeyError: When gone.

    Example:
        >>> 1
    """

NUMPY = """Do a thing.

    Parameters
    ----------
    name : str
        The name: of it.
        Goes on.
    sizes : dict[str, "a:b"], optional
        Sizes.
    *args
        Rest.
    x, y : int
        Both.

    Returns
    -------
    list of str
        What came out.

    Raises
    ------
    ValueError
        When bad.
    KeyError
        When gone.

    Notes
    -----
    z : int
    """

SPHINX = """Do a thing.

    :param str name: The name: of it.
        Goes on.
    :param sizes: Sizes.
    :type sizes: dict[str, "a:b"], optional
    :param \\*args: Rest.
    :param int x: Both.
    :param int y: Both.
    :returns: What came out.
    :rtype: list of str
    :raises ValueError: When bad.
    :raises KeyError: When gone.
    """

EPYDOC = """Do a thing.

    @param name: The name: of it.
        Goes on.
    @type name: str
    @param sizes: Sizes.
    @type sizes: dict[str, "a:b"], optional
    @param args: Rest.
    @param x: Both.
    @type x: int
    @param y: Both.
    @type y: int
    @return: What came out.
    @rtype: list of str
    @raise ValueError: When bad.
    @raise KeyError: When gone.
    """


@pytest.mark.parametrize(
    ("style", "text"),
    [
        (DocStyle.GOOGLE, GOOGLE),
        (DocStyle.NUMPY, NUMPY),
        (DocStyle.SPHINX, SPHINX),
        (DocStyle.EPYDOC, EPYDOC),
    ],
)
def test_every_style_says_the_same(style: DocStyle, text: str) -> None:
    read = read_docstring(text)

    assert read == DocFacts(
        style=style,
        parameters=(
            DocParameter(name="name", type_text="str", description="The name: of it.\nGoes on."),
            DocParameter(name="sizes", type_text='dict[str, "a:b"]', description="Sizes.", is_optional=True),
            DocParameter(name="args", description="Rest."),
            DocParameter(name="x", type_text="int", description="Both."),
            DocParameter(name="y", type_text="int", description="Both."),
        ),
        returns=DocValue(type_text="list of str", description="What came out."),
        raises=("ValueError", "KeyError"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Just words.",
        "See :class:`Foo` and\n:attr:`Foo.bar`.",
        "Args are good:\n\n    Yes.",
        "A title\n-------\n\nText.",
        "user@param.org",
    ],
)
def test_what_has_no_section_is_plain(text: str) -> None:
    assert read_docstring(text).style is DocStyle.PLAIN


def test_a_line_that_is_no_field_spoils_only_itself() -> None:
    read = read_docstring("Args:\n    x (int): X.\n    (((broken\n    no colon here\n    y (str): Y.\n")

    assert [(one.name, one.type_text) for one in read.parameters] == [("x", "int"), ("y", "str")]


def test_a_section_that_cleaning_made_flat_ends_at_a_blank_line() -> None:
    read = read_docstring("Args:\n        x (int): X.\n        y: Y.\n\n        Not a field: prose.\n")

    assert [one.name for one in read.parameters] == ["x", "y"]


def test_a_type_that_is_a_role_is_kept_whole() -> None:
    google = read_docstring("Args:\n    x (:class:`Foo`): X.\n")
    sphinx = read_docstring(":param :class:`Foo` x: X.\n:rtype: :class:`Foo`\n")

    assert google.parameters[0].type_text == sphinx.parameters[0].type_text == ":class:`Foo`"
    assert sphinx.returns == DocValue(type_text=":class:`Foo`")


def test_named_results_of_a_numpy_docstring_are_a_tuple() -> None:
    read = read_docstring("Returns\n-------\nq : int\n    Q.\nr : str\n    R.\n")

    assert read.returns == DocValue(type_text="(int, str)", description="Q.\nR.")


def test_prose_in_the_place_of_a_result_type_is_its_description() -> None:
    numpy = read_docstring("Returns\n-------\nThe sum of all things.\n")
    google = read_docstring("Returns:\n    The sum: of all.\n")

    assert numpy.returns == DocValue(description="The sum of all things.")
    assert google.returns == DocValue(description="The sum: of all.")


@pytest.mark.parametrize(
    ("entry", "type_text"),
    [
        ("x : int, optional", "int"),
        ("x : int, default 3", "int"),
        ("x : int, default=3", "int"),
        ("x : int (optional, default: 3)", "int"),
        ("x : {'a', 'b'}, default: 'a'", "{'a', 'b'}"),
    ],
)
def test_a_default_is_not_part_of_the_type(entry: str, type_text: str) -> None:
    (parameter,) = read_docstring(f"Parameters\n----------\n{entry}\n    X.\n").parameters

    assert (parameter.type_text, parameter.is_optional) == (type_text, True)


def test_attributes_and_yields_are_told() -> None:
    google = read_docstring("Attributes:\n    x (int): X.\nYields:\n    int: One.\n")
    sphinx = read_docstring(":ivar x: X.\n:vartype x: int\n")

    assert google.attributes == sphinx.attributes == (DocParameter(name="x", type_text="int", description="X."),)
    assert google.yields == DocValue(type_text="int", description="One.")


SIZE = 65_536
HOSTILE = {
    "brackets": "Args:\n    a " + "( " * (SIZE // 2),
    "lines of brackets": "Args:\n" + "    a ( ( ( ( ( ( ( (\n" * (SIZE // 20),
    "brackets and a colon": "Args:\n" + ("    a" + " (" * 140 + ":\n") * (SIZE // 290),
    "long types": "Args:\n" + ("    a (" + "x " * 140 + "): y\n") * (SIZE // 290),
    "blanks": "Parameters\n----------\n" + ("x : " + " " * 200 + ":\n") * (SIZE // 210),
    "dashes": "Parameters\n" + "-" * SIZE,
    "one line of blanks": " " * SIZE + "x",
    "back quotes": (":param " + "`" * 250 + " x:\n") * (SIZE // 260),
    "words": ":param " + "x " * (SIZE // 2),
    "epydoc": ("@type x: " + "param " * 40 + "\n") * (SIZE // 250),
    "tabs": "Args:\n" + "\t" * SIZE,
    "titles": "Args:\n" * (SIZE // 6),
    "defaults": "Parameters\n----------\n" + ("x : int" + ", default" * 30 + "\n") * (SIZE // 280),
    "surrogates": "Args:\n    \ud800 (int): x\n    y (\ud800): z\n",
    "nul": "Args:\n    x (\x00): y\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_docstring_takes_no_time(name: str) -> None:
    before = time.process_time()
    read_docstring(HOSTILE[name])
    spent_seconds = time.process_time() - before

    assert spent_seconds < 0.5


_pieces = st.sampled_from(
    [
        *("Args:", "Returns:", "Parameters", "-----", "\n", "    ", "x", "(", ")", ":", ", optional", "@param ", "`"),
        *(":param ", ":type ", ":rtype:", "Yields\n------\n", "a : int", "{", "}", "[", ", default ", "é", "*", "\\"),
    ]
)


@given(st.lists(_pieces, max_size=30).map("".join))
def test_no_docstring_makes_the_reader_raise(text: str) -> None:
    encode(read_docstring(text))


def test_lone_surrogates_can_be_written() -> None:
    encode(read_docstring("Say \ud800.\n\nArgs:\n    x (\ud800): Y \ud800.\n"))
