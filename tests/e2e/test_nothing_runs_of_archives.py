"""The one promise, for what is read in memory: nothing of an archive or a revision runs, and nothing of it is written."""

import shutil
from pathlib import Path

import pytest

import poisoned_library
from archive_files import sdist, wheel
from audited import Audit
from git_folders import Repository

pytestmark = pytest.mark.e2e

WRITES = ("open", "os.rename", "os.mkdir", "os.link", "os.symlink", "sqlite3.connect")
COMMANDS = {
    "discover": ("--path", "{}"),
    "export": ("--path", "{}"),
    "generate": ("--path", "{}", "--output", "generated"),
    "diff": ("{}", "{}"),
}


class Packed:
    """The poisoned library in an archive or a repository, the folder that it lies in, and the command under watch."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.dist, self.canary = folder, folder / "dist", folder / "canary"
        self.ours = folder / "ours"
        self.places = {name: self.ours / name for name in ("PYBRIDGE_STORE", "PYBRIDGE_CACHE", "HOME", "TMPDIR")}
        self.places["TMPDIR"].mkdir(parents=True)
        self.audit = Audit(folder / "audit")
        site = folder / "site"
        poisoned_library.install(site, self.canary)
        self.files = {str(one.relative_to(site)): one.read_bytes() for one in sorted(site.rglob("*")) if one.is_file()}
        self.files = {name: data for name, data in self.files.items() if ".dist-info" not in name}
        shutil.rmtree(site)
        self.dist.mkdir()

    def run(self, command, what):
        """Run a command in the folder of what it reads."""
        options = [one.format(what) for one in COMMANDS[command]]
        options = [self.ours / one if one == "generated" else one for one in options]
        environment = {name: str(path) for name, path in self.places.items()}
        self.before = state(self.dist)
        return self.audit.run(command, *options, cwd=self.dist, environment=environment)

    def check(self, done):
        assert done.returncode == 0, done.stderr
        assert self.audit.offences(self.dist, poisoned_library.MODULES) == []
        assert self.audit.processes() >= 2
        assert not self.canary.exists(), self.canary.read_text()
        assert state(self.dist) == self.before
        assert self.written_elsewhere() == []
        assert list(self.places["TMPDIR"].iterdir()) == []

    def written_elsewhere(self):
        """Places that were written to, besides the store, the cache, the output and our own temporary folder."""
        written = [place for one in self.audit.events() if one["event"] in WRITES for place in one["places"]]
        # The bytecode of our own modules is Python's business.
        others = [one for one in written if "__pycache__" not in one]
        return [one for one in others if not any(Path(one).is_relative_to(place) for place in (self.ours, "/dev"))]


def state(folder):
    """Names, modes, times and bytes of all files."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        found[str(path)] = (status.st_mode, 0 if path.is_dir() else (status.st_mtime_ns, path.read_bytes()))
    return found


@pytest.fixture
def packed(tmp_path):
    return Packed(tmp_path)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("write", [wheel, sdist])
def test_nothing_of_an_archive_runs_or_is_written(packed, write, command):
    path = write(packed.dist, "poisoned", packed.files)

    packed.check(packed.run(command, path.name))


@pytest.mark.parametrize("form", [".@v1.0", "git:latest-tag"])
def test_nothing_of_a_revision_runs_or_is_written(packed, form):
    repository = Repository(packed.dist)
    repository.commit(packed.files, tag="v1.0")
    for name in ("post-checkout", "reference-transaction", "post-index-change"):
        hook = packed.dist / ".git/hooks" / name
        hook.write_text(f"#!/bin/sh\necho hook >> {packed.canary}\n")
        hook.chmod(0o755)
    repository.git("config", "filter.evil.smudge", f"echo x >> {packed.canary}")
    repository.git("config", "core.fsmonitor", f"echo x >> {packed.canary}")
    repository.commit({".gitattributes": "* filter=evil\n"})
    packed.canary.unlink(missing_ok=True)

    packed.check(packed.run("diff", form))


def test_the_watch_sees_what_is_written_elsewhere(packed):
    packed.audit.run_child(f"open({str(packed.folder / 'elsewhere')!r}, 'w').close()")

    assert packed.written_elsewhere() == [str(packed.folder / "elsewhere")]
