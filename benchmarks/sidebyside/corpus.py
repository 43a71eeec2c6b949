"""The pinned libraries and the peer: what they are, and how they come to this machine."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec

PINS = Path(__file__).parent.parent / "corpus.toml"


class Library(msgspec.Struct, frozen=True, kw_only=True):
    """A pinned library."""

    name: str
    """Of its import package."""
    requirement: str

    @property
    def version(self) -> str:
        return self.requirement.partition("==")[2]


class Corpus(msgspec.Struct, frozen=True, kw_only=True):
    """What `corpus.toml` pins."""

    peer: str
    libraries: tuple[Library, ...]

    def chosen(self, names: list[str]) -> tuple[Library, ...]:
        """Return the libraries of these names, all when there are none; raises KeyError for one that is not pinned."""
        by_name = {one.name: one for one in self.libraries}
        return tuple(by_name[name] for name in names) if names else self.libraries


def read_corpus(path: Path = PINS) -> Corpus:
    pins = tomllib.loads(path.read_text(encoding="utf-8"))
    libraries = tuple(Library(name=one["import"], requirement=one["requirement"]) for one in pins["library"])
    return Corpus(peer=pins["peer"]["requirement"], libraries=libraries)


def default_folder() -> Path:
    """Return where the corpus is kept when nobody says otherwise: outside of the tree, in the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pybridge-bench"


def fetch(folder: Path, library: Library) -> Path:
    """Make sure that a library lies in the corpus, a folder for each version; return its site-packages.

    ``pip install --no-deps`` of a wheel copies files and runs none of the library's code.
    """
    site = folder / "libraries" / library.requirement
    if not (site / ".complete").exists():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--upgrade"]
        command += ["--only-binary", ":all:", "--target", str(site), library.requirement]
        subprocess.run(command, check=True)
        (site / ".complete").touch()
    return site


def fetch_peer(folder: Path, requirement: str) -> Path:
    """Make sure that the peer has a virtual environment of its own; return its folder of programs."""
    environment = folder / "peers" / requirement
    programs = environment / ("Scripts" if sys.platform == "win32" else "bin")
    if not (environment / ".complete").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(environment)], check=True)
        subprocess.run([str(programs / "python"), "-m", "pip", "install", "--quiet", requirement], check=True)
        (environment / ".complete").touch()
    return programs
