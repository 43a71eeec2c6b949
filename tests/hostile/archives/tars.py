"""Tar files that lie, leak out or burst."""

import gzip
from pathlib import Path

from hostile.archives.writing import SDIST, RawTar, archive

EVIL = b"import os\nos._exit(9)\n"


@archive(SDIST, refuses="it unpacks to more than 200 times its size")
def stream_of_two_gigabytes_of_zeros(path: Path) -> None:
    """A file that nobody wants, but that has to be gone through."""
    tar = RawTar()
    tar.add("zeros.bin", size=2 << 30)
    with gzip.open(path, "wb", 1) as stream:
        stream.write(tar.body)
        for _ in range(2 << 10):
            stream.write(bytes(1 << 20))


@archive(SDIST, refuses="more than 100,000 members")
def hundred_and_one_thousand_members(path: Path) -> None:
    tar = RawTar()
    for number in range(101_000):
        tar.add(f"hostile/f{number}")
    tar.write(path)


@archive(SDIST, tells=("member-name-unsafe",), is_complete=False)
def names_out_of_the_tree(path: Path) -> None:
    tar = RawTar()
    for name in (
        b"../evil.py",
        b"hostile-1.0/hostile/../../../evil.py",
        b"/etc/evil.py",
        b"C:/evil.py",
        b"a\\..\\evil.py",
    ):
        tar.add(name, EVIL)
    tar.write(path)


@archive(SDIST, tells=("member-name-encoding",), is_complete=False)
def names_that_are_no_utf_8(path: Path) -> None:
    tar = RawTar()
    tar.add(b"hostile-1.0/hostile/\xff\xfe.py", EVIL)
    tar.pax(("path", b"hostile-1.0/hostile/\xff.py"))
    tar.add("x.py", EVIL)
    tar.write(path)


@archive(SDIST, tells=("member-link", "member-not-a-file"), is_complete=False)
def links_devices_and_pipes(path: Path) -> None:
    tar = RawTar()
    tar.add("hostile/soft.py", kind=b"2", link=b"/etc/passwd")
    tar.add("hostile/hard.py", kind=b"1", link=b"../../../../etc/passwd")
    tar.add("hostile/inside.py", kind=b"2", link=b"healthy.py")
    tar.add("hostile/folder", kind=b"2", link=b"/")
    for kind, name in ((b"3", "char"), (b"4", "block"), (b"6", "pipe")):
        tar.add(f"hostile/{name}.py", kind=kind)
    tar.write(path)


@archive(SDIST, refuses="a link, a folder or a device has content")
def link_with_content(path: Path) -> None:
    tar = RawTar()
    tar.add("hostile/soft.py", EVIL, kind=b"2", link=b"x")
    tar.write(path)


@archive(SDIST, refuses="two members are called")
def member_written_twice(path: Path) -> None:
    tar = RawTar()
    tar.add("hostile/healthy.py", EVIL)
    tar.write(path)


@archive(SDIST, refuses="it holds a sparse file")
def sparse_file_of_gnu(path: Path) -> None:
    tar = RawTar()
    tar.add("hostile/sparse.py", kind=b"S", size=1 << 40)
    tar.write(path)


@archive(SDIST, refuses="it holds a sparse file")
def sparse_file_of_pax(path: Path) -> None:
    tar = RawTar()
    tar.pax(
        ("GNU.sparse.major", "1"),
        ("GNU.sparse.name", "hostile-1.0/hostile/s.py"),
        ("GNU.sparse.realsize", str(1 << 40)),
    )
    tar.add("hostile/s.py", EVIL)
    tar.write(path)


@archive(SDIST, tells=("member-name-unsafe",), is_complete=False)
def extended_name_that_leads_out(path: Path) -> None:
    tar = RawTar()
    tar.pax(("path", "../../evil.py"))
    tar.add("hostile/nice.py", EVIL)
    tar.write(path)


@archive(SDIST, refuses="a member has two sizes")
def extended_size_that_hides_a_member(path: Path) -> None:
    """What one reader takes for content is a member to the next."""
    inner = RawTar()
    tar = RawTar()
    tar.pax(("size", str(len(inner.body))))
    tar.add("hostile/nice.py", b"x" * 10)
    tar.body += inner.body
    tar.write(path)


@archive(SDIST, refuses="a header gives all members one name or size")
def name_for_all_members(path: Path) -> None:
    tar = RawTar()
    tar.pax(("path", "hostile-1.0/hostile/healthy.py"), kind=b"g")
    tar.add("hostile/x.py", EVIL)
    tar.write(path)


@archive(SDIST, refuses="an extended header has")
def extended_header_of_a_gigabyte(path: Path) -> None:
    tar = RawTar()
    tar.add("pax", kind=b"x", size=1 << 30)
    tar.write(path)


@archive(SDIST, refuses="an extended header is damaged")
def extended_header_that_counts_wrong(path: Path) -> None:
    tar = RawTar()
    tar.add("pax", b"99999999 path=x\n", kind=b"x")
    tar.add("hostile/x.py", EVIL)
    tar.write(path)


@archive(SDIST, refuses="two extended headers of a kind belong to one member")
def chain_of_long_names(path: Path) -> None:
    tar = RawTar()
    for _ in range(50_000):
        tar.add("././@LongLink", b"hostile-1.0/x.py\0", kind=b"L", top="")
    tar.write(path)


@archive(SDIST, refuses="a member has two names")
def long_name_and_extended_name(path: Path) -> None:
    tar = RawTar()
    tar.add("././@LongLink", b"hostile-1.0/hostile/a.py\0", kind=b"L", top="")
    tar.pax(("path", "hostile-1.0/hostile/b.py"))
    tar.add("hostile/c.py", EVIL)
    tar.write(path)


@archive(SDIST, refuses="an extended header belongs to no member")
def extended_header_at_the_end(path: Path) -> None:
    tar = RawTar()
    tar.pax(("path", "hostile-1.0/hostile/x.py"))
    tar.write(path)


@archive(SDIST, refuses="it holds a member of unknown kind")
def member_of_unknown_kind(path: Path) -> None:
    tar = RawTar()
    tar.add("hostile/x.py", EVIL, kind=b"Z")
    tar.write(path)


@archive(SDIST, refuses="it is no tar file, or a header is damaged")
def wrong_checksum_of_a_header(path: Path) -> None:
    tar = RawTar()
    tar.add("hostile/x.py", EVIL, checksum=1)
    tar.write(path)


@archive(SDIST, refuses="it is no tar file, or a header is damaged")
def size_that_is_no_number(path: Path) -> None:
    tar = RawTar()
    tar.add("hostile/x.py", EVIL, size=b"-0000000001\0")
    tar.write(path)


@archive(SDIST, refuses="it ends too early")
def size_of_a_number_without_end(path: Path) -> None:
    tar = RawTar()
    tar.add("hostile/x.py", size=b"\x80" + b"\x7f" * 11)
    tar.write(path)


@archive(SDIST, refuses="bytes follow its end")
def members_after_the_end(path: Path) -> None:
    hidden = RawTar()
    RawTar().write(path, after=bytes(hidden.body))


@archive(SDIST, refuses="bytes follow its end")
def second_compressed_stream(path: Path) -> None:
    RawTar().write(path, packed_after=gzip.compress(bytes(RawTar().body)))


@archive(SDIST, refuses="it ends too early")
def sdist_that_was_cut_off(path: Path) -> None:
    RawTar().write(path)
    path.write_bytes(path.read_bytes()[:-20])


@archive(SDIST, refuses="it is no gzip file, or damaged")
def sdist_with_a_wrong_checksum(path: Path) -> None:
    RawTar().write(path)
    whole = bytearray(path.read_bytes())
    whole[-6] ^= 1
    path.write_bytes(whole)


@archive(SDIST)
def project_that_would_run_and_lead_away(path: Path) -> None:
    tar = RawTar()
    tar.add("setup.py", EVIL)
    tar.add("conftest.py", EVIL)
    tar.add("mypy.ini", b"[mypy]\nplugins = evil\n")
    tar.add(
        "pyproject.toml",
        b"[build-system]\nrequires = ['evil']\nbackend-path = ['.']\nbuild-backend = 'setup'\n[project]\nname = 'hostile'\n"
        b"version = '1.0'\n[tool.setuptools.packages.find]\nwhere = ['../..', '/', '/etc', '.']\n",
    )
    tar.add("inner.tar.gz", gzip.compress(bytes(1 << 20)))
    tar.write(path)


@archive(SDIST, refuses="")
def sdist_without_a_package(path: Path) -> None:
    tar = RawTar()
    tar.body.clear()
    tar.add("readme.txt", b"nothing")
    tar.write(path)
