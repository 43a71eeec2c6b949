"""Wheels and sdists are read as what they would be when installed or unpacked."""

import tarfile
import zipfile
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive_files import open_tar, sdist, source_zip, wheel
from pybridge.errors import ArchiveRefused, DistributionNotFound, SourceUnreadable
from pybridge.model.source import FileKind
from pybridge.source import find_library, read_bytes, read_given
from pybridge.source.archive import read_archive
from pybridge.source.archive.limits import Limits
from site_folders import SHELF, install

PROJECT = {"pyproject.toml": "[project]\nname = 'shelf'\nversion = '1.0'\n", "setup.py": "raise SystemExit(1)\n"}
LAYOUTS = {
    "flat": PROJECT | SHELF | {"tests/test_x.py": "", "docs/conf.py": ""},
    "src": PROJECT | {f"src/{path}": text for path, text in SHELF.items()} | {"tasks.py": ""},
    "lib": {f"lib/{path}": text for path, text in SHELF.items()} | {"setup.py": ""},
}


class Zeros:
    def __init__(self, size):
        self.left = size

    def read(self, length):
        length = min(length, self.left)
        self.left -= length
        return bytes(length)


def shape(tree):
    return (tree.name, tree.roots, tree.distribution, tree.version, tree.is_typed)


def texts(tree):
    return {one.path: (one.module, one.kind, one.is_package, read_bytes(one)) for one in tree.files}


@pytest.fixture
def installed(tmp_path):
    return find_library("shelf", site_packages=install(tmp_path / "site", "shelf", SHELF))


def test_a_wheel_is_read_as_if_it_were_installed(tmp_path, installed):
    tree = read_given(wheel(tmp_path, "shelf", SHELF))

    assert shape(tree) == shape(installed)
    assert texts(tree) == texts(installed)
    assert (tree.skipped, tree.diagnostics) == ((), ())


def test_what_lies_below_data_is_read_where_installing_puts_it(tmp_path, installed):
    moved = {f"shelf-1.0.data/purelib/{path}": text for path, text in SHELF.items()}
    tree = read_given(wheel(tmp_path, "shelf", {**moved, "shelf-1.0.data/scripts/run.py": "x"}))

    assert shape(tree) == shape(installed)
    assert texts(tree) == texts(installed)


def test_compiled_modules_and_stub_packages_of_a_wheel_are_seen(tmp_path):
    files = {
        "box-stubs/__init__.pyi": "X: int\n",
        "box/__init__.py": "",
        "box/fast.abi3.so": b"\x7fELF",
        "_box.pyd": b"",
    }
    tree = read_given(wheel(tmp_path, "box", files))

    assert [(one.path, one.kind) for one in tree.files] == [
        ("_box.pyd", FileKind.COMPILED),
        ("box/__init__.py", FileKind.SOURCE),
        ("box-stubs/__init__.pyi", FileKind.STUB),
        ("box/fast.abi3.so", FileKind.COMPILED),
    ]


def test_a_namespace_in_a_wheel_has_the_roots_of_its_packages(tmp_path):
    tree = read_given(wheel(tmp_path, "deep", {"space/deep/__init__.py": "", "space/deep/a.py": ""}))

    assert (tree.roots, tree.name) == (("space.deep",), "space.deep")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("write", [sdist, source_zip])
def test_an_sdist_is_read_as_the_project_it_holds(tmp_path, installed, layout, write):
    files = LAYOUTS[layout] if write is sdist else {f"shelf-main/{one}": text for one, text in LAYOUTS[layout].items()}
    tree = read_given(write(tmp_path, "shelf", files))

    assert texts(tree) == texts(installed)
    assert (tree.name, tree.roots, tree.diagnostics) == ("shelf", ("shelf",), ())
    assert tree.version == ("1.0" if write is sdist or layout != "lib" else None)


@pytest.mark.parametrize("suffix", ["tar.gz", "tgz", "tar.bz2", "tbz2", "tar.xz", "txz"])
def test_an_sdist_may_be_packed_in_any_of_three_ways(tmp_path, installed, suffix):
    packed = {"g": "gz", "b": "bz2", "x": "xz"}[suffix.removeprefix("tar.").removeprefix("t")[0]]
    path = sdist(tmp_path, "shelf", PROJECT | SHELF, packed=packed)

    tree = read_given(path.rename(path.parent / f"shelf-1.0.{suffix}"))

    assert texts(tree) == texts(installed)
    assert (tree.name, tree.version, tree.diagnostics) == ("shelf", "1.0", ())


@pytest.mark.parametrize("packed", ["gz", "bz2", "xz"])
@pytest.mark.parametrize(
    ("limits", "reason"),
    [({}, "more than 2,147,483,648 bytes|more than 200 times its size"), ({"unpacked_bytes": 1_000_000}, "1,000,000")],
)
def test_a_stream_of_zeros_is_refused_long_before_its_end(tmp_path, packed, limits, reason):
    path = tmp_path / f"zeros-1.0.tar.{packed}"
    info = tarfile.TarInfo("zeros-1.0/zeros.bin")
    info.size = 100 << 20
    with open_tar(path, packed) as archive:
        archive.addfile(info, Zeros(info.size))

    with pytest.raises(ArchiveRefused, match=reason):
        read_archive(path, limits=Limits(**limits))


@pytest.mark.parametrize("packed", ["gz", "bz2", "xz"])
def test_what_follows_a_compressed_stream_is_refused(tmp_path, packed):
    path = sdist(tmp_path, "shelf", SHELF, packed=packed)
    path.write_bytes(path.read_bytes() + b"more")

    with pytest.raises(ArchiveRefused, match="bytes follow its end"):
        read_given(path)


@pytest.mark.parametrize("packed", ["gz", "bz2", "xz"])
def test_a_stream_that_ends_too_early_is_refused(tmp_path, packed):
    path = sdist(tmp_path, "shelf", SHELF, packed=packed)
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(ArchiveRefused, match="it ends too early"):
        read_given(path)


def test_xz_that_asks_for_too_much_memory_is_refused(tmp_path):
    path = sdist(tmp_path, "shelf", SHELF, packed="xz")

    with pytest.raises(ArchiveRefused, match="more than 1,000 bytes of memory"):
        read_archive(path, limits=Limits(dictionary_bytes=1_000))


@pytest.mark.parametrize("top", ["", ".", "./shelf-1.0"])
def test_an_sdist_may_lie_at_the_top(tmp_path, installed, top):
    assert texts(read_given(sdist(tmp_path, "shelf", SHELF, top=top))) == texts(installed)


def test_a_zip_of_a_package_is_the_package(tmp_path, installed):
    assert texts(read_given(source_zip(tmp_path, "anything", SHELF))) == texts(installed)


def test_tests_are_left_out_and_told(tmp_path):
    path = wheel(tmp_path, "shelf", SHELF | {"shelf/tests/test_x.py": ""})

    assert [one.path for one in read_given(path).skipped] == ["shelf.tests:"]
    assert len(read_given(path, include_tests=True).files) == 4


def test_a_name_picks_and_another_is_refused(tmp_path):
    path = wheel(tmp_path, "My_Shelf", SHELF)

    assert read_given(path, name="shelf").name == read_given(path, name="my-shelf").name == "shelf"
    with pytest.raises(DistributionNotFound, match="shelve"):
        read_given(path, name="shelve")


def test_other_packages_are_looked_for_in_the_environment_that_is_named(tmp_path):
    site = install(tmp_path / "site", "other", {"other.py": ""})
    path = wheel(tmp_path, "shelf", SHELF)

    assert read_given(path).search_paths == (path,)
    assert read_given(path, neighbours=site).search_paths == (path, site)
    with pytest.raises(SourceUnreadable):
        read_given(path, neighbours=tmp_path / "nowhere")


def test_nothing_is_written(tmp_path):
    path = wheel(tmp_path, "shelf", SHELF)
    before = path.read_bytes()
    read_given(path)

    assert list(tmp_path.rglob("*")) == [path]
    assert path.read_bytes() == before


def test_a_long_file_is_told_and_not_held(tmp_path):
    tree = read_given(wheel(tmp_path, "shelf", SHELF | {"shelf/long.py": b"#" * (6 << 20)}))

    assert [(one.path, one.reason.value) for one in tree.skipped] == [("shelf.long:", "too_large")]


RECORDS = {
    "another hash": "sha256=AAAA,3",
    "another size": "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,999",
    "no hash": ",",
    "a weak hash": "md5=1B2M2Y8AsgTpgAmY7PhCfg,0",
    "no row": "",
}


@pytest.mark.parametrize("row", RECORDS.values(), ids=RECORDS)
def test_a_module_that_is_not_as_recorded_is_not_read(tmp_path, row):
    path = wheel(tmp_path, "shelf", SHELF | {"shelf/odd.py": ""}, record={"shelf/odd.py": row})
    tree = read_given(path)

    assert [(one.code, one.severity.value, one.path) for one in tree.diagnostics] == [
        ("record-mismatch", "error", "shelf/odd.py")
    ]
    assert [(one.path, one.reason.value) for one in tree.skipped] == [("shelf.odd:", "unreadable")]
    assert len(tree.files) == 3


def test_a_module_that_is_recorded_and_missing_is_told(tmp_path):
    tree = read_given(wheel(tmp_path, "shelf", SHELF, record={"shelf/gone.py": "sha256=x,3"}))

    assert [(one.code, one.path) for one in tree.diagnostics] == [("record-mismatch", "shelf/gone.py")]


def test_a_wheel_that_was_given_another_name_is_told(tmp_path):
    path = wheel(tmp_path, "shelf", SHELF).rename(tmp_path / "stand-2.0-py3-none-any.whl")

    assert [one.code for one in read_given(path).diagnostics] == ["names-disagree"]


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"entries": 3}, "more than 3 members"),
        ({"kept_bytes": 100}, "more than 100 bytes of source"),
        ({"ratio": 0, "ratio_from_bytes": 10}, "times its size"),
        ({"directory_bytes": 10}, "members"),
        ({"unpacked_bytes": 5_000}, "more than 5,000 bytes"),
    ],
)
def test_reading_stops_at_its_limits(tmp_path, limits, reason):
    path = (sdist if "unpacked_bytes" in limits else wheel)(tmp_path, "shelf", SHELF)

    with pytest.raises(ArchiveRefused, match=reason):
        read_archive(path, limits=Limits(**limits))


@pytest.mark.parametrize("name", ["x-1.0-py3-none-any.whl", "x-1.0.tar.gz", "x-1.tar.bz2", "x-1.txz", "x.zip"])
@pytest.mark.parametrize("content", [b"", b"not an archive", bytes(2_000), b"PK\5\6" + bytes(18), b"\x1f\x8b\x08"])
def test_what_is_no_archive_is_refused(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)

    with pytest.raises((ArchiveRefused, DistributionNotFound)):
        read_given(tmp_path / name)


def test_a_file_of_another_kind_is_told_as_such(tmp_path):
    (tmp_path / "x.rar").write_bytes(b"Rar!")

    with pytest.raises(SourceUnreadable):
        read_given(tmp_path / "x.rar")


@pytest.mark.parametrize(
    "write", [wheel, sdist, partial(sdist, packed="bz2"), partial(sdist, packed="xz")], ids=["wheel", "gz", "bz2", "xz"]
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_archive_never_gives_a_text_that_was_not_in_it(tmp_path_factory, write, data):
    folder = tmp_path_factory.getbasetemp() / "damaged"
    folder.mkdir(exist_ok=True)
    path = write(folder, "shelf", SHELF)
    known = {one.path: one.data for one in read_given(path).files}
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(whole) - 1))
        match data.draw(st.sampled_from(["change", "cut", "insert"])):
            case "change":
                whole[place] ^= data.draw(st.integers(1, 255))
            case "cut":
                del whole[place : place + data.draw(st.integers(1, 40))]
            case _:
                whole[place:place] = data.draw(st.binary(min_size=1, max_size=40))
        if not whole:
            break
    path.write_bytes(whole)

    try:
        tree = read_given(path)
    except (ArchiveRefused, DistributionNotFound):
        return
    for one in tree.files:
        assert one.data == known.get(one.path, one.data if not one.data else None), one.path


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("is_streamed", [True, False])
def test_zip_files_are_read_as_they_are_commonly_written(tmp_path, method, is_streamed):
    path = tmp_path / "shelf.zip"
    with path.open("wb") as stream, zipfile.ZipFile(_Unseekable(stream) if is_streamed else stream, "w", method) as out:
        out.mkdir("shelf")
        for name, text in SHELF.items():
            with out.open(name, "w", force_zip64=True) as member:
                member.write(text.encode())

    assert len(read_given(path).files) == 3


class _Unseekable:
    """A pipe: checksum and sizes come after the bytes."""

    def __init__(self, stream):
        self._stream = stream

    def write(self, data):
        return self._stream.write(data)

    def flush(self):
        self._stream.flush()
