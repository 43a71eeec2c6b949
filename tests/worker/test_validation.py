"""Arguments that a callable does not take are refused before it is called, by name; what Python would take passes."""

import decimal
import enum
import json

import grpc
import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pybridge_worker.bundle import ParameterEntry
from pybridge_worker.errors import InvalidArgument
from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc, status_pb2
from pybridge_worker.validation.checks import check_of
from pybridge_worker.validation.signatures import Expected, Signatures
from worker_bundles import workbench
from worker_clients import SECONDS, Session, refusal

FLOATS = ["|", "float", "None"]
SIGNATURES = {
    "workbench.values:echo": [["value", "", False, FLOATS]],
    "workbench.values:add": [["left", "/", True, None], ["right", "/", True, None], ["scale", "=", False, "int"]],
    "workbench.things:Counter": [["start", "", False, "int"]],
    "workbench.things:Counter.increment": [["by", "", False, "int"]],
    "workbench.things:Counter.named": [["text", "", True, "str"]],
    "workbench.things:Maker": [["key", "", True, "str"]],
    "workbench.streams:count": [["n", "", True, "int"]],
}


class Text(str):
    __slots__ = ()


class Level(enum.IntEnum):
    LOW = 1


ACCEPTED = [
    ("int", [0, 2**80, True, Level.LOW]),
    ("float", [1.5, 1, True, float("nan")]),
    ("complex", [1j, 1.0, 1]),
    ("str", ["", Text("x"), object()]),
    ("bytes", [b"", bytearray()]),
    ("None", [None]),
    (["|", "int", "None"], [1, None]),
    (["literal", "a", 1, None], ["a", 1, None, True, Text("a")]),
    (["list", "int"], [[], [1], (1, 2), [True], {1}, [object()]]),
    (["list"], [[object(), "x"]]),
    (["tuple", "int", "str"], [(1, "x"), [1, "x"]]),
    (["tuple"], [()]),
    (["tuple*", "float"], [(), (1, 2.0)]),
    (["set", "str"], [{"x"}, frozenset(), ["x"]]),
    (["dict", "str", ["list", "int"]], [{}, {"a": [1]}, {Text("a"): []}]),
    (["dict"], [{1: 2}]),
    (["enum", "lib.Colour"], [enum.Enum("Colour", "RED").RED, object()]),
    (None, [1, object()]),
    (["unheard of", 1], [1, object()]),
    (["|", "int", ["unheard of"]], ["x"]),
    (["|", "int", None], ["x"]),
]
REFUSED = [
    ("int", "1", "expected int, got str"),
    ("int", 1.0, "expected int, got float"),
    ("int", None, "expected int, got None"),
    ("float", "1.5", "expected float, got str"),
    ("bool", 1, "expected bool, got int"),
    ("str", b"x", "expected str, got bytes"),
    ("str", ["x"], "expected str, got list"),
    ("bytes", "x", "expected bytes, got str"),
    ("None", 0, "expected None, got int"),
    (FLOATS, "1", "expected float | None, got str"),
    (["literal", "a", "b"], "c", "expected Literal['a', 'b'], got 'c'"),
    (["literal", "a"], "c" * 100, "expected Literal['a'], got str"),
    (["literal", "a"], None, "expected Literal['a'], got None"),
    (["literal", "a"], [1], "expected Literal['a'], got list"),
    (["list", "int"], "12", "expected list[int], got str"),
    (["list", "int"], {"a": 1}, "expected list[int], got dict"),
    (["list", "float"], [1, 2.0, "x"], "[2]: expected float, got str"),
    (["list", ["list", "int"]], [[], [1, None]], "[1][1]: expected int, got None"),
    (["list", "int"], {"x"}, "expected list[int], got set"),
    (["tuple", "int", "str"], (1,), "expected tuple[int, str], got tuple of 1 items"),
    (["tuple", "int", None], ["x", 1], "[0]: expected int, got str"),
    (["tuple*", "int"], "x", "expected tuple[int, ...], got str"),
    (["set", "str"], "x", "expected set[str], got str"),
    (["dict", "str", "int"], [], "expected dict[str, int], got list"),
    (["dict", "str", "int"], {1: 1}, " (a key): expected str, got int"),
    (["dict", None, "int"], {"a": "b"}, "['a']: expected int, got str"),
    (["dict", None, ["dict", None, "int"]], {"a": {1: "b"}}, "['a'][1]: expected int, got str"),
    (["enum", "lib.Colour"], "RED", "expected lib.Colour, got str"),
]


@pytest.mark.parametrize(("described", "values"), ACCEPTED, ids=range(len(ACCEPTED)))
def test_what_python_takes_passes(described, values):
    check = check_of(described)

    assert [value for value in values if check is not None and not check.accepts(value)] == []


def said(described, value):
    expected = Expected("f", [ParameterEntry("x", "", is_required=True, type=described)], checks_types=True)
    with pytest.raises(InvalidArgument) as caught:
        expected.check((), {"x": value})
    return caught.value.message.removeprefix('parameters["x"]').removeprefix(": ")


@pytest.mark.parametrize(("described", "value", "message"), REFUSED, ids=repr)
def test_a_mismatch_says_where_what_was_expected_and_what_came(described, value, message):
    assert said(described, value) == message


plain_types = st.recursive(
    st.sampled_from(["int", "float", "str", "bytes", "bool", "None", "complex", None]) | st.just(["literal", "a", 1]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda some: ["|", *some]),
        st.builds(lambda name, one: [name, one], st.sampled_from(["list", "set", "tuple*"]), inner),
        st.lists(inner, max_size=3).map(lambda some: ["tuple", *some]),
        st.builds(lambda key, one: ["dict", key, one], inner, inner),
    ),
    max_leaves=6,
)
plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=2) | st.binary(max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=6,
)


@given(described=plain_types | st.text() | st.lists(st.text()), value=plain_values)
def test_any_value_passes_or_is_told_wrong_in_words(described, value):
    check = check_of(described)
    if check is None or check.accepts(value):
        return
    mismatch = check.mismatch(value)

    assert mismatch.expected
    assert mismatch.got
    assert mismatch.expected != mismatch.got


ADD = [ParameterEntry("a", "/", is_required=True), ParameterEntry("b", "", is_required=True, type="int")]


@pytest.mark.parametrize(
    ("parameters", "positional", "keywords", "message"),
    [
        (ADD, (1,), {"c": 1}, 'parameters["c"]: f has no such parameter; it has a, b'),
        (ADD, (), {"a": 1, "b": 2}, 'parameters["a"]: it goes by position: send it in the list "*" of f'),
        (ADD, (1,), {}, 'parameters["b"]: it is missing'),
        (ADD, (), {"b": 1}, 'parameters["a"]: it is missing'),
        (ADD, (1, 2, 3), {}, 'parameters["*"]: f takes 2 by position, got 3'),
        (ADD, (1, 2), {"b": 2}, 'parameters["b"]: it is given twice, by position and by name'),
        (ADD, (1, "x"), {}, 'parameters["b"]: expected int, got str'),
        ([], (), {"x": 1}, 'parameters["x"]: f has no such parameter; it has none'),
        ([ParameterEntry("rest", "*", type="int")], (1, "x"), {}, 'parameters["*"]: expected int, got str'),
        ([ParameterEntry("more", "**", type="int")], (), {"k": "x"}, 'parameters["k"]: expected int, got str'),
    ],
)
def test_names_and_positions_are_checked(parameters, positional, keywords, message):
    with pytest.raises(InvalidArgument) as caught:
        Expected("f", parameters, checks_types=True).check(positional, keywords)

    assert caught.value.message == message


def test_what_a_callable_takes_passes():
    others = [*ADD, ParameterEntry("rest", "*"), ParameterEntry("named", "="), ParameterEntry("more", "**", type="int")]
    Expected("f", ADD, checks_types=True).check((1,), {"b": 2})
    Expected("f", ADD, checks_types=True).check((1, 2), {})
    Expected("f", others, checks_types=True).check((1, 2, 3, "x"), {"named": 1, "k": 5, "a": 6})


def test_names_alone_are_checked_on_demand_or_nothing():
    entries = {"m:f": ADD}
    names = Signatures(entries, "names").of("m:f")

    assert names is not None
    names.check((1, "x"), {})
    with pytest.raises(InvalidArgument):
        names.check((), {})
    assert Signatures(entries, "off").of("m:f") is None
    assert Signatures(entries, "types").of("m:g") is None


@pytest.fixture
def serve(start, tmp_path):
    """A session on a server whose bundle has signatures."""
    bundle = tmp_path / "signed.json"
    bundle.write_text(
        json.dumps({"schema": "pybridge.bundle/1", "libraries": [workbench() | {"signatures": SIGNATURES}]})
    )
    channels = []

    def serve(*arguments):
        server = start("--bundle", bundle, "--workers", 1, "--listen", f"unix:{tmp_path}/v", *arguments)
        channels.append(grpc.insecure_channel(server.address))
        return Session(pybridge_pb2_grpc.PyBridgeServiceStub(channels[-1]), "s")

    yield serve
    for channel in channels:
        channel.close()


def test_a_call_is_refused_before_the_library_hears_of_it(serve):
    session = serve()
    counter = session.call("workbench.Counter", start=5)

    assert session.refused("workbench.values.echo", value="x") == (
        "INVALID_ARGUMENT",
        "INVALID_ARGUMENT",
        'parameters["value"]: expected float | None, got str',
    )
    assert session.refused("workbench.Counter", start="x")[2] == 'parameters["start"]: expected int, got str'
    assert session.refused("workbench.Counter.increment", self=counter, by="x")[2].startswith('parameters["by"]')
    assert session.refused("workbench.Counter.increment", self=counter, bye=1)[2].startswith('parameters["bye"]')
    assert session.refused("workbench.Counter.named")[2] == 'parameters["text"]: it is missing'
    assert session.call("workbench.Counter.increment", self=counter) == 6
    assert session.call("workbench.values.add", **{"*": [1, 2]}) == 3
    with pytest.raises(grpc.RpcError) as caught:
        list(session.stream("workbench.streams.count", n="x"))
    assert refusal(caught.value)[2] == 'parameters["n"]: expected int, got str'


def test_the_rich_status_names_the_field(serve):
    session = serve()
    with pytest.raises(grpc.RpcError) as caught:
        session.raw("workbench.values.echo", value="x")
    details = dict(caught.value.trailing_metadata())["grpc-status-details-bin"]
    kinds = {one.type_url.rpartition(".")[2]: one.value for one in status_pb2.RpcStatus.FromString(details).details}
    (violation,) = status_pb2.RpcBadRequest.FromString(kinds["BadRequest"]).field_violations

    assert (violation.field, violation.description) == ('parameters["value"]', "expected float | None, got str")


def test_arguments_in_one_payload_and_in_batches_are_checked_as_well(serve):
    session = serve()
    data = msgspec.msgpack.encode([["x"], {}])
    arguments = pb.Payload(format=pb.PAYLOAD_FORMAT_MSGPACK, data=data)
    request = pb.ExecuteToolRequest(tool_name="workbench.values.echo", arguments=arguments)
    operation = pb.BatchOperation(
        call_function=pb.CallOperation(tool_name="workbench.values.echo", arguments=arguments)
    )
    with pytest.raises(grpc.RpcError) as caught:
        session.stub.ExecuteTool(request, timeout=SECONDS)
    answer = session.stub.ExecuteBatch(pb.ExecuteBatchRequest(operations=[operation]), timeout=SECONDS)

    assert refusal(caught.value)[2] == 'parameters["value"]: expected float | None, got str'
    assert answer.results[0].metadata["pybridge-status"] == "INVALID_ARGUMENT"


def test_held_objects_pass_wherever_the_library_may_take_them(serve):
    session = serve()
    counter = session.call("workbench.Counter")

    assert session.call("workbench.values.echo", value=counter) == counter


def test_a_class_that_the_bundle_does_not_describe_decides_for_itself(serve):
    session = serve()
    fast = session.call("workbench.things.fast")

    assert session.call("workbench.things.Counter.increment", self=fast) is not None


def test_a_class_whose_new_makes_instances_of_others_decides_for_itself(serve):
    session = serve()

    assert (
        session.call("workbench.things.Maker", key="x", more=5)["__pybridge_ref__"]["type"] == "workbench.things.Maker"
    )
    assert session.error("workbench.things.Maker", none=5).error.startswith("TypeError")


@pytest.mark.parametrize(("level", "reason"), [("names", "TypeError"), ("off", "TypeError")])
def test_an_operator_may_leave_types_or_all_to_the_library(serve, level, reason):
    session = serve("--validate", level)
    counter = session.call("workbench.Counter", start=5)

    assert session.call("workbench.values.echo", value="x") == "x"
    assert session.error("workbench.Counter.increment", self=counter, by="x").error.startswith(reason)
    if level == "off":
        assert session.error("workbench.Counter.increment", self=counter, bye=1).error.startswith("TypeError")
    else:
        assert session.refused("workbench.Counter.increment", self=counter, bye=1)[0] == "INVALID_ARGUMENT"


@example(described=["|", "bytes"], value="")
@given(described=plain_types, value=plain_values)
def test_many_items_are_judged_as_few_are(described, value):
    few, many = check_of(["list", described]), check_of(["list", described])
    pairs = check_of(["dict", "str", described])
    assert few is not None
    assert many is not None
    assert pairs is not None

    assert many.accepts([value] * 40) == few.accepts([value])
    assert pairs.accepts({str(number): value for number in range(40)}) == few.accepts([value])


def test_a_decimal_is_no_plain_number_and_passes():
    check = check_of("float")

    assert check is not None
    assert check.accepts(decimal.Decimal(1))
