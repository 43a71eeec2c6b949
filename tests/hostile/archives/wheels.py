"""Wheels whose metadata lies."""

from pathlib import Path

from archive_files import recorded
from hostile.archives.writing import WHEEL, RawWheel, RawZip, archive

MISMATCH = ("record-mismatch", "unreadable")


@archive(WHEEL, tells=MISMATCH, is_complete=False)
def record_that_tells_otherwise(path: Path) -> None:
    wheel = RawWheel()
    for name in ("hash", "size", "algorithm", "none", "text"):
        wheel.add(f"hostile/{name}.py", b"x = 1\n")
    rows = {"hash": recorded(b"y = 1\n"), "size": recorded(b"x = 1\n")[:-1] + "7", "algorithm": "md5=x,6", "none": ","}
    wheel.write(path, rows={f"hostile/{name}.py": row for name, row in {**rows, "text": "sha256=\u00e4,6"}.items()})


@archive(WHEEL, tells=MISMATCH, is_complete=False)
def modules_that_are_not_recorded(path: Path) -> None:
    wheel = RawWheel()
    wheel.add("hostile/smuggled.py", b"import os\n", is_recorded=False)
    wheel.write(path)


@archive(WHEEL, tells=("record-mismatch",), is_complete=False)
def record_of_what_is_not_there(path: Path) -> None:
    names = ("hostile/gone.py", "../gone.py", "/etc/gone.py", "gone/__init__.py")
    RawWheel().write(path, rows={name: recorded(b"") for name in names})


@archive(WHEEL, refuses="its RECORD cannot be read")
def record_that_is_no_table(path: Path) -> None:
    wheel = RawWheel()
    wheel.write(path, rows={'x",\n"\0': "\n\n,,,,,,,,\n'\"", "y" * 200_000: ""})


@archive(WHEEL, refuses="it is two wheels in one")
def two_folders_of_metadata(path: Path) -> None:
    wheel = RawWheel()
    wheel.add("other-1.0.dist-info/METADATA", b"Name: other\nVersion: 1.0\n")
    wheel.add("other-1.0.dist-info/RECORD", b"")
    wheel.write(path)


@archive(WHEEL, refuses="it has no folder .dist-info")
def wheel_without_metadata(path: Path) -> None:
    wheel = RawZip()
    wheel.add("hostile/__init__.py", b"")
    wheel.write(path)


@archive(WHEEL, refuses="RECORD is missing or cannot be read")
def wheel_without_a_record(path: Path) -> None:
    wheel = RawZip()
    wheel.add("hostile/__init__.py", b"")
    wheel.add("hostile-1.0.dist-info/METADATA", b"Name: hostile\nVersion: 1.0\n")
    wheel.write(path)


@archive(WHEEL, refuses="it holds no module")
def wheel_without_a_module(path: Path) -> None:
    wheel = RawZip()
    wheel.add("hostile-1.0.dist-info/METADATA", b"Name: hostile\nVersion: 1.0\n")
    wheel.add("hostile-1.0.dist-info/RECORD", b"")
    wheel.write(path)


@archive(WHEEL, tells=("names-disagree",))
def names_that_do_not_agree(path: Path) -> None:
    RawWheel(info="../hostile"[3:] + "-9.9.dist-info").write(path)


@archive(WHEEL, refuses="two members would be installed as")
def data_that_would_replace_a_module(path: Path) -> None:
    wheel = RawWheel()
    wheel.add("hostile-1.0.data/purelib/hostile/healthy.py", b"import os\n")
    wheel.write(path)


@archive(WHEEL, refuses="would be both a file and a folder")
def data_that_would_be_a_folder_in_a_file(path: Path) -> None:
    wheel = RawWheel()
    wheel.add("hostile-1.0.data/platlib/hostile/healthy.py/x.py", b"import os\n")
    wheel.write(path)


@archive(WHEEL)
def files_that_others_would_run(path: Path) -> None:
    wheel = RawWheel()
    evil = b"import os; os._exit(9)\n"
    for name in ("setup.py", "conftest.py", "sitecustomize.py", "hostile.pth", "hostile-1.0.data/scripts/hostile"):
        wheel.add(name, evil)
    wheel.add("hostile/native.cpython-311-x86_64-linux-gnu.so", b"\x7fELF")
    wheel.add("hostile/native.pyi", b"X: int\n")
    wheel.add("mypy.ini", b"[mypy]\nplugins = evil\n")
    wheel.write(path)


@archive(WHEEL, refuses="METADATA is missing or cannot be read")
def metadata_of_fifty_megabytes_in_a_wheel(path: Path) -> None:
    wheel = RawZip()
    wheel.add("hostile/__init__.py", b"")
    wheel.add("hostile-1.0.dist-info/METADATA", b"Name: hostile\nX: " + b"x" * 50_000_000)
    wheel.add("hostile-1.0.dist-info/RECORD", b"")
    wheel.write(path)
