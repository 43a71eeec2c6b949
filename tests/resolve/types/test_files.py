"""Texts that are on no disk are answered as files are, from mypy's cache as well."""

from pathlib import Path

import msgspec
import pytest

from pybridge.model.names import ModuleName
from pybridge.resolve.types import OwnModule, TypeRequest, ask_engine
from pybridge.resolve.types.files import EngineFiles

FILES = {
    "space/inner/__init__.py": b"from space.inner.part import Part\nclass Whole(Part): ...\ndef make() -> Whole: ...\n",
    "space/inner/part.py": b"import dataclasses\n@dataclasses.dataclass\nclass Part:\n    size: int = 3\n",
    "space/inner/typed.pyi": b"def f(x: int) -> str: ...\n",
    "space/inner/latin.py": "# -*- coding: latin-1 -*-\nNAME = 'h\u00e4'\ndef g() -> int: ...\n".encode("latin-1"),
    "space/inner/marked.py": b"\xef\xbb\xbfdef h() -> int: ...\r\n",
}


def modules(folder, files, *, in_memory):
    found = []
    for name, data in sorted(files.items()):
        path = folder / name
        if not in_memory:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        parts = [part for part in Path(name).with_suffix("").parts if part != "__init__"]
        module = OwnModule(name=ModuleName(".".join(parts)), location=path, is_stub=path.suffix == ".pyi")
        found.append(msgspec.structs.replace(module, text=data) if in_memory else module)
    return tuple(sorted(found, key=lambda one: one.name))


def asked(folder, files, cache, *, in_memory):
    return ask_engine(
        TypeRequest(
            modules=modules(folder, files, in_memory=in_memory),
            search_paths=(folder,),
            python_version="3.12",
            platform="linux",
            cache_dir=cache,
        )
    )


@pytest.fixture
def archive(tmp_path):
    """A file with a path below it, as what lies in a wheel has."""
    (tmp_path / "x.whl").write_bytes(b"not read")
    return tmp_path / "x.whl"


def test_texts_are_answered_as_files_are(tmp_path, archive, engine_cache):
    on_disk = asked(tmp_path / "disk", FILES, engine_cache, in_memory=False)

    for _ in range(2):
        in_memory = asked(archive, FILES, engine_cache, in_memory=True)

        assert in_memory.diagnostics == ()
        assert in_memory.modules == on_disk.modules
        assert set(in_memory.modules) == {
            "space.inner",
            *(f"space.inner.{one}" for one in ("part", "typed", "latin", "marked")),
        }


def test_another_text_of_the_same_name_and_size_is_answered_anew(archive, engine_cache):
    first, second, third = (
        asked(archive, {"lib.py": text}, engine_cache, in_memory=True)
        for text in (b"X: int\n", b"X: str\n", b"X: int\n")
    )

    assert first.modules == third.modules
    assert first.modules != second.modules


@pytest.mark.parametrize("bad", [b"def f(:\n", b"# coding: no-such-codec\n", b"x = '\xff'\n", b"\0"])
def test_a_text_that_is_no_python_costs_itself_only(archive, engine_cache, bad):
    found = asked(
        archive, {"lib/__init__.py": b"def f() -> int: ...\n", "lib/bad.py": bad}, engine_cache, in_memory=True
    )

    assert set(found.modules) == {"lib"}
    assert [(one.code, one.path) for one in found.diagnostics] == [("engine-dropped-module", "lib/bad.py")]


def test_a_text_hides_what_lies_on_disk_beside_it(tmp_path):
    (tmp_path / "lib.py").write_text("on disk")
    module = OwnModule(name=ModuleName("lib"), location=tmp_path / "lib.py", text=b"in memory")

    files = EngineFiles([module])

    assert files.read(str(tmp_path / "lib.py")) == b"in memory"
    assert not files.exists(str(tmp_path / "lib.py"), real_only=True)
    assert files.listdir(str(tmp_path)) == ["lib.py"]
