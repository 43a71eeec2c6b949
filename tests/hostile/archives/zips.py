"""Zip files that lie, leak out or burst."""

import io
import struct
import zlib
from pathlib import Path

from hostile.archives.writing import SDIST, WHEEL, ZIP, RawTar, RawWheel, RawZip, archive

EVIL = b"import os\nos._exit(9)\n"
UNSAFE = ("member-name-unsafe",)


@archive(WHEEL, tells=("member-damaged", "unreadable"), is_complete=False)
def module_that_inflates_to_far_more_than_it_says(path: Path) -> None:
    wheel = RawWheel()
    wheel.add("hostile/bomb.py", b"#" * 1_000, raw=_deflated_zeros(1 << 30))
    wheel.write(path)


@archive(WHEEL, tells=("too_large",))
def module_of_a_gigabyte(path: Path) -> None:
    wheel = RawWheel()
    wheel.add("hostile/bomb.py", raw=_deflated_zeros(1 << 30), size=1 << 30, crc=0, is_recorded=False)
    wheel.write(path, rows={"hostile/bomb.py": f"sha256=x,{1 << 30}"})


@archive(WHEEL, refuses="it unpacks to more than 200 times its size")
def many_modules_that_burst_together(path: Path) -> None:
    wheel = RawWheel()
    data = b"#" * (5 << 20)
    for number in range(60):
        wheel.add(f"hostile/m{number}.py", data)
    wheel.write(path)


@archive(WHEEL, refuses="more than 100,000 members")
def two_hundred_thousand_members(path: Path) -> None:
    wheel = RawWheel()
    for number in range(200_000):
        RawZip.add(wheel, f"hostile/d{number}", method=0)
    wheel.write(path)


@archive(WHEEL, refuses="its end for large archives is missing")
def large_archive_without_its_large_end(path: Path) -> None:
    RawWheel().write(path, count=0xFFFF)


@archive(WHEEL, refuses="another name in its local header")
def members_that_share_all_their_bytes(path: Path) -> None:
    wheel = RawWheel()
    at = len(wheel.body)
    wheel.add("hostile/a.py", b"x = 1\n")
    for name in ("b", "c"):
        wheel.add(f"hostile/{name}.py", b"x = 1\n", offset=at)
    wheel.write(path)


@archive(WHEEL, refuses="members overlap")
def member_inside_of_another(path: Path) -> None:
    """As in Fifield's bomb, where every member quotes the header of the next."""
    inner = RawZip()
    inner.add("hostile/inner.py", EVIL, method=0)
    wheel = RawWheel()
    at = len(wheel.body) + 30 + len("hostile/outer.bin")
    wheel.add("hostile/outer.bin", bytes(inner.body), method=0)
    wheel.add("hostile/inner.py", EVIL, method=0, offset=at)
    wheel.write(path)


@archive(WHEEL, refuses="bytes that belong to no member")
def member_that_only_a_streaming_reader_sees(path: Path) -> None:
    wheel = RawWheel()
    wheel.add("hostile/hidden.py", EVIL)
    wheel.central.pop()
    wheel.write(path)


@archive(WHEEL, tells=UNSAFE, is_complete=False)
def names_that_lead_out(path: Path) -> None:
    wheel = RawWheel()
    for name in ("../evil.py", "hostile/../../evil.py", "hostile/sub/../../../../../../tmp/evil.py", ".."):
        wheel.add(name, EVIL)
    wheel.write(path)


@archive(WHEEL, tells=UNSAFE, is_complete=False)
def absolute_names_drives_and_backslashes(path: Path) -> None:
    wheel = RawWheel()
    for name in (
        "/etc/evil.py",
        "//host/evil.py",
        "C:/evil.py",
        "c:evil.py",
        "hostile\\evil.py",
        "..\\evil.py",
        "\\\\h\\x.py",
    ):
        wheel.add(name, EVIL)
    wheel.write(path)


@archive(WHEEL, tells=UNSAFE, is_complete=False)
def names_with_control_characters_and_empty_parts(path: Path) -> None:
    wheel = RawWheel()
    for name in (
        "hostile/\0evil.py",
        "hostile/a.py\0.txt",
        "hostile/\x1b[31m.py",
        "hostile//b.py",
        "hostile/./c.py",
        "a\nb.py",
    ):
        wheel.add(name, EVIL)
    wheel.write(path)


@archive(WHEEL, tells=("member-name-unsafe", "member-name-too-long"), is_complete=False)
def names_without_end(path: Path) -> None:
    wheel = RawWheel()
    for name in ("hostile/" + "a" * 60_000 + ".py", "hostile/" + "d/" * 500 + "x.py", "hostile/" + "b" * 300 + ".py"):
        wheel.add(name, EVIL)
    wheel.write(path)


@archive(WHEEL, tells=("member-name-encoding",), is_complete=False)
def names_in_an_encoding_that_nobody_knows(path: Path) -> None:
    wheel = RawWheel()
    wheel.add(b"hostile/\xff\xfe.py", EVIL, is_recorded=False)
    wheel.add("hostile/\u00e4.py".encode("cp437"), EVIL, is_recorded=False, flags=0)
    wheel.add("hostile/\u00fc.py".encode(), EVIL, is_recorded=False, flags=0)
    wheel.write(path)


@archive(WHEEL, tells=("member-name-encoding", "unreadable"), is_complete=False)
def member_with_a_second_name(path: Path) -> None:
    name = b"../../evil.py"
    extra = struct.pack("<2HBL", 0x7075, 5 + len(name), 1, zlib.crc32(b"hostile/named.py")) + name
    wheel = RawWheel()
    wheel.add("hostile/named.py", EVIL, extra=extra)
    wheel.write(path)


@archive(WHEEL, tells=("member-link", "member-not-a-file"), is_complete=False)
def links_and_devices(path: Path) -> None:
    wheel = RawWheel()
    wheel.add("hostile/passwd.py", b"/etc/passwd", mode=0o120777)
    wheel.add("hostile/up", b"../..", mode=0o120777)
    wheel.add("hostile/zero.py", b"", mode=0o020666)
    wheel.add("hostile/pipe.py", b"", mode=0o010666)
    wheel.write(path)


@archive(WHEEL, refuses="two members are called 'hostile/twice.py'")
def members_of_one_name(path: Path) -> None:
    wheel = RawWheel()
    wheel.add("hostile/twice.py", b"x = 1\n")
    wheel.add("hostile/twice.py", EVIL)
    wheel.write(path)


@archive(WHEEL, tells=("names-collide",))
def names_that_some_systems_take_for_one(path: Path) -> None:
    wheel = RawWheel()
    for name in ("Healthy", "HEALTHY", "\ufb01", "fi", "e\u0301", "\u00e9"):
        wheel.add(f"hostile/{name}.py", b"x = 1\n")
    wheel.write(path)


@archive(WHEEL, refuses="is both a file and a folder")
def file_that_is_also_a_folder(path: Path) -> None:
    wheel = RawWheel()
    wheel.add("hostile/both.py", b"x = 1\n")
    wheel.add("hostile/both.py/inner.py", b"x = 1\n")
    wheel.write(path)


@archive(WHEEL, refuses="another name in its local header")
def local_header_of_another_name(path: Path) -> None:
    wheel = RawWheel()
    wheel.add("hostile/nice.py", EVIL, local_name=b"hostile/evil.py")
    wheel.write(path)


@archive(WHEEL, refuses="told otherwise in its local header")
def local_header_of_another_size(path: Path) -> None:
    wheel = RawWheel()
    wheel.add("hostile/nice.py", EVIL, local_size=3)
    wheel.write(path)


@archive(WHEEL, refuses="told otherwise in its local header")
def local_header_of_another_method(path: Path) -> None:
    wheel = RawWheel()
    wheel.add("hostile/nice.py", EVIL, local_method=0)
    wheel.write(path)


@archive(WHEEL, tells=("member-damaged", "unreadable"), is_complete=False)
def wrong_checksum_and_damaged_bytes(path: Path) -> None:
    wheel = RawWheel()
    wheel.add("hostile/crc.py", b"x = 1\n", crc=7)
    wheel.add("hostile/bits.py", b"x = 1\n", raw=b"\xff" * 20)
    wheel.add("hostile/short.py", b"x = 1\n" * 9, raw=zlib.compress(b"x", 9, -15))
    wheel.write(path)


@archive(WHEEL, tells=("member-encrypted", "member-compression", "unreadable"), is_complete=False)
def encrypted_and_strangely_compressed(path: Path) -> None:
    wheel = RawWheel()
    wheel.add("hostile/secret.py", EVIL, flags=0x801)
    for method in (9, 12, 14, 93, 99):
        wheel.add(f"hostile/m{method}.py", EVIL, method=method)
    wheel.write(path)


@archive(WHEEL, refuses="bytes that belong to no member")
def archive_behind_another_file(path: Path) -> None:
    RawWheel().write(path, prefix=b"#!/bin/sh\nexit 9\n")


@archive(WHEEL, refuses="bytes follow its end")
def archive_before_another_file(path: Path) -> None:
    RawWheel().write(path)
    path.write_bytes(path.read_bytes() + b"more")


@archive(WHEEL, refuses="bytes")
def comment_that_is_another_end(path: Path) -> None:
    RawWheel().write(path, comment=struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0, 0, 0, 0, 0) + b"tail")


@archive(WHEEL, refuses="its directory is shorter than it says")
def directory_that_says_too_many(path: Path) -> None:
    RawWheel().write(path, count=60)


@archive(WHEEL, refuses="its directory is longer than it says")
def directory_that_says_too_few(path: Path) -> None:
    RawWheel().write(path, count=2)


@archive(WHEEL, refuses="it is no zip file, or its end is missing")
def wheel_that_was_cut_off(path: Path) -> None:
    RawWheel().write(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


@archive(WHEEL, refuses="it is no zip file, or its end is missing")
def wheel_that_is_a_tar_file(path: Path) -> None:
    RawTar().write(path)


@archive(SDIST, refuses="it is no gzip file, or damaged")
def sdist_that_is_a_zip_file(path: Path) -> None:
    RawWheel().write(path)


@archive(WHEEL)
def archives_inside_of_the_archive(path: Path) -> None:
    """Nobody looks into them."""
    bomb = io.BytesIO(_deflated_zeros(1 << 24)).getvalue()
    wheel = RawWheel()
    for name in ("inner.whl", "inner.zip", "inner.tar.gz", "inner.egg", "bomb.gz"):
        wheel.add(f"hostile/{name}", bomb, method=0)
    wheel.write(path)


@archive(ZIP, tells=("member-link", "member-name-unsafe"), is_complete=False)
def source_zip_that_leads_out(path: Path) -> None:
    source = RawZip()
    for name, data in (("__init__.py", b""), ("healthy.py", _healthy())):
        source.add(f"hostile-1.0/hostile/{name}", data)
    source.add("hostile-1.0/hostile/evil.py", b"/etc/passwd", mode=0o120777)
    source.add("hostile-1.0/../../evil.py", EVIL)
    source.write(path)


def _healthy() -> bytes:
    from hostile.archives.writing import PACKAGE

    return PACKAGE["hostile/healthy.py"]


def _deflated_zeros(count: int) -> bytes:
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    parts = [pack.compress(bytes(1 << 20)) for _ in range(count >> 20)]
    return b"".join((*parts, pack.flush()))
