"""Where another store is, and how git gets there."""

import re
import shlex
from pathlib import Path
from urllib.parse import unquote

import msgspec
import pygit2
from pygit2.enums import CredentialType, Feature

from pybridge.errors import ExchangeFailed
from pybridge.store.refs import Refs

REFSPECS = ("refs/libraries/*", "refs/tags/*", "refs/heads/main")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_SCP = re.compile(r"(?:[^/:@\s]+@)?[^/:@\s]{2,}:(?!//|:)")
"""``user@host:path``; one letter before the colon is a drive."""
_PASSWORD = re.compile(r"(//[^/@:]*):[^/@]*@")
_NEEDED = {"https": Feature.HTTPS, "ssh": Feature.SSH, "git+ssh": Feature.SSH, "ssh+git": Feature.SSH}
_KNOWN = frozenset({"file", "git", "http", "https", "ssh", "git+ssh", "ssh+git"})


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where another store is."""

    url: str
    """As git takes it."""
    shown: str
    """For people: without a password."""
    folder: Path | None
    """Where it is on this machine; None when it is elsewhere."""


def find_remote(refs: Refs, name: str) -> Address:
    """Read a name of a remote of the store's repository, a URL or a path.

    Raises:
        ExchangeFailed: it is none of them, or a way that this machine's libgit2 does not know.
    """
    known = {one.name: one.url for one in refs.repository.remotes}
    url = known.get(name) or name
    shown = _PASSWORD.sub(r"\1@", url)
    scheme = _SCHEME.match(url)
    if scheme is None and _SCP.match(url) and not Path(url).exists():
        way = "ssh"
    else:
        way = "file" if scheme is None else scheme[1].lower()
    if way not in _KNOWN:
        raise ExchangeFailed(
            refs.path, shown, f"git knows no {way}://", hint="name a path, or a URL of file, https or ssh"
        )
    if way in _NEEDED and not pygit2.features & _NEEDED[way]:
        raise ExchangeFailed(refs.path, shown, f"this libgit2 was built without {way}", hint=plain_git(refs, shown))
    if way != "file":
        return Address(url=url, shown=shown, folder=None)
    folder = Path(unquote(url[len("file://") :]) if scheme else url)
    if not folder.is_dir():
        names = f"; the store knows {', '.join(sorted(known))}" if known else ""
        hint = (
            f"name a folder, a URL or a remote{names}; `git init --bare {shlex.quote(str(folder))}` makes an empty one"
        )
        raise ExchangeFailed(refs.path, shown, "there is no such folder", hint=hint)
    return Address(url=str(folder.absolute()), shown=shown, folder=folder.absolute())


def plain_git(refs: Refs, shown: str) -> str:
    """Tell how to do with git itself what libgit2 cannot: it asks the user's own keys, helpers and proxies."""
    url, store = shlex.quote(shown), shlex.quote(str(refs.path))
    specs = " ".join(f"'{one}'" for one in REFSPECS)
    return (
        f"git itself may get there: `git --git-dir={store} push {url} {specs}`, "
        f"or `git clone --mirror {url} copy.git` and `pybridge store fetch copy.git`"
    )


class Access(pygit2.RemoteCallbacks):  # type: ignore[misc] # pygit2 is not followed (pyproject.toml)
    """Answers what a remote asks: keys come from the user's ssh agent, passwords from the URL only."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: dict[str, str] = {}
        """Refs that the other side did not take, and why."""
        self._is_asked = False

    def credentials(self, url: str, username_from_url: str | None, allowed_types: CredentialType) -> object:
        """Give what the user has at hand, once: who asks again did not take it."""
        del url
        if CredentialType.USERNAME in allowed_types and username_from_url is None:
            return pygit2.Username("git")
        if CredentialType.SSH_KEY in allowed_types and not self._is_asked:
            self._is_asked = True
            return pygit2.KeypairFromAgent(username_from_url or "git")
        raise pygit2.GitError("the keys of the ssh agent, or the password in the URL, are not accepted")

    def certificate_check(self, certificate: None, valid: bool, host: bytes) -> bool:  # noqa: FBT001 - pygit2's signature
        """Refuse who is not known: left to itself libgit2 1.9 goes on with any host key, also with a changed one."""
        del certificate
        if not valid:
            name = host.decode(errors="replace")
            raise pygit2.GitError(f"the certificate or host key of {name} is not known (ssh: see ~/.ssh/known_hosts)")
        return True

    def push_update_reference(self, refname: str, message: str | None) -> None:
        """Note what the other side says about a ref."""
        if message is not None:
            self.refused[refname] = message
