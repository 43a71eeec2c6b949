"""``pybridge check --watch`` as a person runs it: findings appear after an edit, and Ctrl-C ends it."""

import os
import signal
import subprocess
import threading

import pytest

from command_line import COMMAND, places

pytestmark = pytest.mark.e2e
SECONDS = 60


@pytest.fixture
def watching(tmp_path):
    for side in ("old", "new"):
        (tmp_path / side / "acme").mkdir(parents=True)
        (tmp_path / side / "acme" / "__init__.py").write_text("def fetch(url): ...\n")
    process = subprocess.Popen(
        [COMMAND, "check", "--path", "new", "--against", "old", "--watch", "--output-format", "concise"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **places(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    killer = threading.Timer(SECONDS, process.kill)
    killer.start()
    yield process
    killer.cancel()
    process.kill()
    process.communicate()


def test_an_edit_is_checked_and_an_interrupt_ends_it(watching, tmp_path):
    assert "no findings" in watching.stdout.readline()
    assert "watching" in watching.stderr.readline()

    (tmp_path / "new" / "acme" / "__init__.py").write_text("def fetch(url, timeout): ...\n")

    assert "error[PB203] acme.fetch" in watching.stdout.readline()
    assert "watching" in watching.stderr.readline()
    watching.send_signal(signal.SIGINT)
    # The last run's code, or that of the one before where the interrupt comes while the last is being told.
    assert watching.wait(timeout=SECONDS) in {0, 1}
    assert "Traceback" not in watching.stderr.read()
