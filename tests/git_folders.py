"""Git repositories as people make them, with the git of this machine and nothing of its settings."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_WHO = {
    f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "A"), ("EMAIL", "a@b"))
}


class Repository:
    """A repository with a work tree."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._seconds = 1_700_000_000
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str | Path) -> str:
        """Run git in the folder; gives what it printed. Every command is a minute later than the one before."""
        self._seconds += 60
        when = f"{self._seconds} +0000"
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_DATE": when,
            "GIT_COMMITTER_DATE": when,
            **_WHO,
        }
        command = ["git", "-c", "protocol.file.allow=always", *map(str, arguments)]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit(self, files: Mapping[str, str | bytes | None] | None = None, *, tag: str | None = None) -> str:
        """Write files (None: delete), commit all there is, and tag it; gives the commit's id."""
        for name, text in (files or {}).items():
            place = self.folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                place.unlink()
            else:
                place.write_bytes(text if isinstance(text, bytes) else text.encode())
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")
        if tag is not None:
            self.git("tag", tag)
        return self.git("rev-parse", "HEAD")

    def state(self) -> dict[str, tuple[int, int, bytes]]:
        """Everything in the folder, the repository's own files too."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            status = path.lstat()
            content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
            found[str(path)] = (status.st_mode, 0 if path.is_dir() else status.st_mtime_ns, content)
        return found
