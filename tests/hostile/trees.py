"""Folders that hold more, or something else, than sources."""

import os
import socket
from pathlib import Path

from hostile.writing import case, package


@case(tells=("symlink-loop", "symlink-outside-root", "broken-symlink"))
def links(folder: Path) -> None:
    root = package(folder, {"sub/__init__.py": "", "sub/inner.py": "def f(): ...\n"})
    outside = folder / "outside"
    outside.mkdir()
    (outside / "secret.py").write_text("PASSWORD = 'x'\n")
    (root / "loop").symlink_to(root)
    (root / "sub" / "up").symlink_to("..")
    (root / "escape").symlink_to(outside)
    (root / "escape_file.py").symlink_to(outside / "secret.py")
    (root / "passwd.py").symlink_to("/etc/passwd")
    (root / "dangling.py").symlink_to("nowhere.py")
    (root / "itself.py").symlink_to("itself.py")
    (root / "inside.py").symlink_to("healthy.py")
    (root / "device.py").symlink_to("/dev/zero")


@case(tells=("not-a-file",))
def pipes_sockets_and_folders_called_like_modules(folder: Path) -> None:
    root = package(folder, {"folder.py/__init__.py": "def f(): ...\n", "folder.py/x.py": "", "typed.pyi/a.py": ""})
    os.mkfifo(root / "pipe.py")
    os.mkfifo(root / "sub_pipe.pyi")
    (root / "py.typed").mkdir()
    (root / "native.so").write_bytes(b"\x7fELF" + b"\0" * 100)
    (root / "__pycache__").mkdir()
    (root / "__pycache__" / "evil.py").write_text("raise SystemExit\n")
    here = Path.cwd()
    os.chdir(root)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind("socket.py")
    finally:
        os.chdir(here)


@case(tells=() if os.geteuid() == 0 else ("unreadable",))
def files_and_folders_without_permission(folder: Path) -> None:
    """Permissions stop nobody who is root: then there is nothing to refuse."""
    root = package(
        folder, {"closed.py": "x = 1\n", "shut/__init__.py": "", "listed/__init__.py": "", "listed/a.py": ""}
    )
    (root / "closed.py").chmod(0)
    (root / "listed").chmod(0o400)
    (root / "shut").chmod(0)


@case(tells=("unresolved",))
def file_names_that_are_no_module_names(folder: Path) -> None:
    root = package(folder)
    names = (
        b"\xff\xfe.py",
        b"a b.py",
        b"a-b.py",
        b"class.py",
        b"1.py",
        b"a.b.py",
        b".py",
        b"..py",
        "\u202ea.py".encode(),
    )
    names += (
        b"\x1b[31m.py",
        b"new\nline.py",
        "\ufb01.py".encode(),
        "e\u0301.py".encode(),
        "\u00e9.py".encode(),
        b"a" * 250 + b".py",
    )
    names += (
        b"A.py",
        b"a.py",
        b"Healthy.py",
        b"None.py",
        b"__init__.pyi.py",
        b"-.py",
        b"'\".py",
        b"%s.py",
        b"{{x}}.py",
    )
    for name in names:
        Path(os.fsdecode(os.fsencode(root) + b"/" + name)).write_text("def f(): ...\n")
    for name in (b"\xff", b"a b", b"B", b"b", "\u00fc".encode()):
        inner = Path(os.fsdecode(os.fsencode(root) + b"/" + name))
        inner.mkdir()
        (inner / "__init__.py").write_text("def f(): ...\n")


@case(tells=("too-deep",))
def folders_three_hundred_deep(folder: Path) -> None:
    root = package(folder)
    place = root
    for _ in range(300):
        place = place / "d"
        place.mkdir()
        (place / "__init__.py").write_text("")


@case(describes=("hostile.s3.m399:",))
def sixteen_hundred_empty_files(folder: Path) -> None:
    root = package(folder)
    for number in range(4):
        inner = root / f"s{number}"
        inner.mkdir()
        for name in ("__init__", *(f"m{one}" for one in range(400))):
            (inner / f"{name}.py").touch()


@case(tells=("too-many-files",))
def more_files_than_may_be_read(folder: Path) -> None:
    """Nothing of them is a module of the library but what comes first."""
    root = package(folder)
    inner = root / "zz"
    inner.mkdir()
    (inner / "m.so").touch()
    for number in range(50_001):
        os.link(inner / "m.so", inner / f"m{number}.so")


@case(exits=(2, 3))
def folder_without_any_module(folder: Path) -> None:
    (folder / "hostile").mkdir()
    (folder / "hostile" / "readme.txt").write_text("nothing")


@case(tells=("symlink-outside-root",), has_healthy=False)
def library_that_is_a_link_out(folder: Path) -> None:
    outside = folder.parent / "elsewhere"
    package(outside)
    (folder / "hostile").symlink_to(outside / "hostile")
