"""docs/worker.md does what it shows: its consoles are typed, its lists and units are read."""

import configparser
import json
import os
import re
import select
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pybridge_worker import allowing
from pybridge_worker import bundle as bundles
from pybridge_worker.cli import parser
from worker_clients import SECONDS

PAGE = (Path(__file__).parents[2] / "docs" / "worker.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def shown(block):
    """The commands of a console block, each with the output that is shown below it."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        else:
            found[-1][1].append(line)
    return found


def is_like(output, lines):
    """Whether an output is what is shown, where ``...`` stands for anything."""
    pattern = ".*".join(re.escape(part) for part in "\n".join(lines).split("..."))
    return re.fullmatch(pattern, output.rstrip("\n"), re.DOTALL) is not None


class Console:
    """A shell in a folder that has what the page speaks of; a server runs until the end of its block."""

    def __init__(self, folder, bundle, certificates):
        self.folder = folder
        self.servers = []
        (folder / "app.bundle.json").write_bytes(bundle.read_bytes())
        (folder / "also-allow.toml").write_text(blocks("toml")[0])
        for name, path in (("server.pem", 0), ("server.key", 1)):
            (folder / name).touch(mode=0o600)
            (folder / name).write_bytes(certificates.server[path].read_bytes())
        (folder / "ca.pem").write_bytes(certificates.ca.read_bytes())
        commands = folder / "bin"
        commands.mkdir()
        (commands / "pybridge-worker").write_text(f'#!/bin/sh\nexec {sys.executable} -m pybridge_worker "$@"\n')
        (commands / "pybridge-worker").chmod(0o700)
        self.environment = {**os.environ, "PATH": f"{commands}:{os.environ['PATH']}"}

    def type(self, line):
        """Run a command; gives what it printed. A server's is its first line."""
        if not line.startswith("pybridge-worker serve"):
            done = subprocess.run(
                ["bash", "-c", line],
                cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=SECONDS, check=False,
            )  # fmt: skip
            assert (done.returncode, done.stderr) == (0, "")
            return done.stdout
        command = [sys.executable, "-m", "pybridge_worker", *shlex.split(line)[1:]]
        process = subprocess.Popen(
            command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.servers.append(process)
        ready, _, _ = select.select([process.stdout], [], [], SECONDS)
        assert ready
        return process.stdout.readline()

    def close(self):
        for process in self.servers:
            process.terminate()
            process.communicate(timeout=SECONDS)


@pytest.fixture
def console(tmp_path, bundle, certificates):
    one = Console(tmp_path, bundle, certificates)
    yield one
    one.close()


@pytest.mark.parametrize("block", blocks("console"), ids=lambda block: shown(block)[0][0][-40:])
def test_a_console_shows_what_happens(console, block):
    for line, lines in shown(block):
        output = console.type(line)

        assert not lines or is_like(output, lines), output


def test_the_list_can_be_used(bundle, tmp_path):
    path = tmp_path / "also-allow.toml"
    path.write_text(blocks("toml")[0])
    extended = allowing.extend(bundles.load(bundle), allowing.load(path), path)

    assert extended.libraries[0].paths["workbench.values.late"] == "workbench.values:late"


def test_the_line_of_the_log_is_json():
    (line,) = blocks("json")

    assert json.loads(line)["event"] == "call_refused"


def test_the_unit_starts_a_server_that_there_is():
    unit = configparser.ConfigParser()
    unit.read_string(blocks("ini")[0])
    _, *arguments = shlex.split(unit["Service"]["ExecStart"])
    chosen = parser().parse_args(arguments)

    assert chosen.listen == "unix:/run/app/python.sock"
    assert float(unit["Service"]["TimeoutStopSec"]) > chosen.drain


def test_the_pod_starts_a_server_and_probes_it():
    pod = yaml.safe_load(blocks("yaml")[0])
    (container,) = pod["containers"]
    served = parser().parse_args(container["command"][1:])
    probes = [
        parser().parse_args(container[name]["exec"]["command"][1:])
        for name in ("startupProbe", "livenessProbe", "readinessProbe")
    ]

    assert {probe.address for probe in probes} == {served.listen}
    assert all(probe.timeout < container["livenessProbe"]["timeoutSeconds"] for probe in probes)
    assert pod["terminationGracePeriodSeconds"] >= served.drain + 5 + 5


def test_every_option_of_the_page_is_there():
    helped = {option for action in parser_actions() for option in action.option_strings}
    named = set(re.findall(r"`(--[a-z-]+)", PAGE))

    assert named <= helped


def parser_actions():
    commands = next(action for action in parser()._actions if action.choices and "serve" in action.choices)
    return [action for command in commands.choices.values() for action in command._actions]
