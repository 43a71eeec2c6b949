"""The reviewed list of what may be called besides the bundle: what it lets in, and what it never can."""

import subprocess
import sys
from pathlib import Path

import grpc
import msgspec
import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from pybridge_worker import allowing, bundle
from pybridge_worker.errors import BadAllowList
from pybridge_worker.tools import OPERATORS, Tools
from pybridge_worker.v1 import pybridge_pb2_grpc
from worker_bundles import workbench
from worker_clients import SECONDS, Session

REASON = 'reason = "made at run time; reviewed by the authors"'
LISTED = f"""
[[allow]]
symbol = "workbench.things:Impostor"
kind = "class"
{REASON}
members.increment = {{}}

[[allow]]
symbol = "workbench.things:Counter"
kind = "class"
{REASON}
members.unlisted = {{}}

[[allow]]
symbol = "workbench.values:asyncio"
kind = "variable"
{REASON}
"""


def library():
    words = {"schema": bundle.SCHEMA, "libraries": [workbench()]}
    return msgspec.json.decode(msgspec.json.encode(words), type=bundle.Bundle)


def written(tmp_path, text):
    path = tmp_path / "also-allow.toml"
    path.write_text(text)
    return path


def test_what_is_listed_can_be_called_and_nothing_else(start, tmp_path):
    server = start("--listen", "127.0.0.1:0", "--workers", 1, "--also-allow", written(tmp_path, LISTED))
    with grpc.insecure_channel(server.address) as channel:
        session = Session(pybridge_pb2_grpc.PyBridgeServiceStub(channel), "s")
        impostor, counter = session.call("workbench.things.impostor"), session.call("workbench.Counter")
        called = [
            session.call("workbench.things.Impostor.increment", self=impostor),
            session.call("workbench.Counter.unlisted", self=counter),
        ]
        refused = {
            tool: session.refused(tool, self=impostor)[:2]
            for tool in ("workbench.things.Impostor", "workbench.things.Impostor.__class__", "workbench.things.Other")
        }
        module = session.refused("workbench.values.asyncio")

    assert called == ["must never be called", "not in the bundle"]
    assert set(refused.values()) == {("NOT_FOUND", "TOOL_NOT_FOUND"), ("INVALID_ARGUMENT", "INVALID_ARGUMENT")}
    assert refused["workbench.things.Impostor"][0] == "INVALID_ARGUMENT"
    assert module[:2] == ("FAILED_PRECONDITION", "RESULT_NOT_ENCODABLE")


def entry(**fields):
    words = {"symbol": "workbench.things:Impostor", "kind": "class", "reason": "reviewed by the authors"} | fields
    return tomlkit.dumps({"allow": [words]})


BAD = {
    "nothing": ("", "missing required field `allow`"),
    "unknown-key": (entry(members={"x": {}}, comment="?"), "unknown field `comment`"),
    "unknown-member-key": (entry(members={"x": {"type": "method"}}), "unknown field `type`"),
    "no-reason": ("[[allow]]\nsymbol = 'a:b'\nkind = 'class'\n", "missing required field `reason`"),
    "empty-reason": (entry(reason="          ."), "says nothing"),
    "unknown-kind": (entry(kind="module"), "Invalid enum value 'module'"),
    "no-symbol": (entry(symbol="workbench.things", members={"x": {}}), "not module:qualname"),
    "private-member": (entry(members={"_hidden": {}}), "private"),
    "dunder": (entry(members={"__class__": {}}), "private"),
    "init": (entry(members={"__init__": {}}), "private"),
    "getattribute": (entry(members={"__getattribute__": {}}), "private"),
    "reduce": (entry(members={"__reduce_ex__": {}}), "private"),
    "dotted-member": (entry(members={"increment.__globals__": {}}), "no name"),
    "private-function": (entry(symbol="workbench.things:_secret", kind="function"), "private"),
    "dunder-variable": (entry(symbol="workbench.things:__builtins__", kind="variable"), "private"),
    "method-as-variable": (entry(symbol="workbench.things:A.__init__.b", kind="variable"), "private"),
    "other-library": (entry(symbol="os:system", kind="function"), "no library"),
    "prefix-of-a-library": (entry(symbol="workbench_evil:run", kind="function"), "no library"),
    "other-kind": (entry(symbol="workbench.things:Counter", kind="function"), "a class in the bundle"),
    "no-members": (entry(), "needs members"),
    "members-of-a-function": (entry(kind="function", members={"x": {}}), "only a class"),
    "twice": (entry(members={"x": {}}) + entry(members={"y": {}}), "listed twice"),
    "no-toml": ("[[allow", "Expected"),
    "no-utf8": ("\udcff", "utf-8"),
}


@pytest.mark.parametrize(("text", "why"), BAD.values(), ids=BAD)
def test_a_bad_list_is_refused_with_its_place(tmp_path, text, why):
    path = tmp_path / "also-allow.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadAllowList) as caught:
        allowing.extend(library(), allowing.load(path), path)

    assert str(caught.value).startswith(f"--also-allow: {path}: ")
    assert why.lower() in str(caught.value).lower()


def test_a_bad_list_keeps_the_server_from_starting(bundle, tmp_path):
    path = written(tmp_path, entry(members={"_hidden": {}}))
    command = [sys.executable, "-m", "pybridge_worker", "serve", "--bundle", bundle, "--also-allow", path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"pybridge-worker: error: --also-allow: {path}: $.allow[0]: the member '_hidden'")


@given(st.text(), st.text())
def test_no_name_with_an_underscore_in_front_ever_gets_in(name, member):
    words = {"symbol": f"workbench.x:{name}", "kind": "class", "reason": REASON, "members": {member: {}}}
    listed = msgspec.convert({"allow": [words]}, allowing.AllowList)
    if list(allowing._check(listed.allow[0])):
        return
    tools = Tools(allowing.extend(library(), listed, Path("list.toml")))
    operation = tools.find(f"workbench.x.{name}.{member}")

    assert operation.name == member
    assert not member.startswith("_") or member in OPERATORS
