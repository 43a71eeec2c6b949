"""The child's side: whatever goes wrong in it is told, never only an exit status."""

import msgspec
import pytest

from pybridge.model.names import ModuleName, SymbolPath
from pybridge.model.types import Named
from pybridge.resolve.types.answers import ModuleAnswer, TypeAnswers, VariableAnswer
from pybridge.resolve.types.child import encoded_reply
from pybridge.resolve.types.request import ChildFault, ChildReply


def read(data: bytes) -> ChildReply:
    return msgspec.msgpack.decode(data, type=ChildReply)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (LookupError("no\nsuch  thing"), "LookupError: no such thing"),
        (RecursionError(), "RecursionError"),
        (ValueError("\ud800"), "ValueError: \\ud800"),
        (ValueError("x" * 1000), "ValueError: " + "x" * 188),
    ],
)
def test_what_the_work_raises_is_told_by_its_type_and_message(error: Exception, told: str) -> None:
    def fail() -> ChildReply:
        raise error

    assert read(encoded_reply(fail)).fault == ChildFault(module=None, reason=told)


def test_answers_that_cannot_be_written_blame_their_module() -> None:
    bad = VariableAnswer(type=Named(path=SymbolPath("a:\ud800")), is_declared=True)
    modules = {
        ModuleName(name): ModuleAnswer(module=ModuleName(name), symbols=symbols)
        for name, symbols in (("a", {}), ("b", {"x": bad}), ("c", {}))
    }
    answers = TypeAnswers(engine="mypy", modules=modules, externals={}, diagnostics=())

    fault = read(encoded_reply(lambda: ChildReply(answers=answers))).fault

    assert fault is not None
    assert fault.module == "b"
    assert "UnicodeEncodeError" in fault.reason
