from hypothesis import given
from hypothesis import strategies as st

import strategies
from pybridge.model.names import Digest
from pybridge.store.message import SnapshotMessage, read_message, write_message

JINJA = SnapshotMessage(
    library="jinja2",
    version="3.1.6",
    target="3.11-linux",
    descriptor_digest=Digest("a" * 64),
    source_digest=None,
    tool="pybridge 0.1.0",
)
any_message = st.builds(
    SnapshotMessage,
    library=st.text(max_size=20),
    version=st.none() | st.text(max_size=20),
    target=st.text(max_size=20),
    descriptor_digest=strategies.digests,
    source_digest=st.none() | strategies.digests,
    tool=st.text(max_size=20),
)


def test_the_first_line_tells_library_version_and_target():
    assert write_message(JINJA).split("\n")[0] == "jinja2 3.1.6 (3.11-linux)"


@given(any_message)
def test_a_message_survives_the_round_trip(message):
    assert read_message(write_message(message)) == message


@given(any_message)
def test_no_name_can_forge_a_line(message):
    lines = write_message(message, snapshot="c" * 40).splitlines()

    assert len(lines) == 2 + 5 + (message.version is not None) + (message.source_digest is not None)


@given(st.text(max_size=60))
def test_what_we_did_not_write_is_none(text):
    assert read_message(text) is None


def test_a_digest_must_look_like_one():
    assert read_message(write_message(JINJA).replace("a" * 64, "a" * 63 + "g")) is None
