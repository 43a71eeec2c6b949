"""Small libraries written to disk and asked about; mypy's own cache of the standard library is shared."""

import sysconfig
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from pybridge.model.names import ModuleName, SymbolPath
from pybridge.resolve.types import Answer, ClassAnswer, OwnModule, TypeAnswers, TypeRequest, ask_engine

INSTALLED = Path(sysconfig.get_path("purelib"))
Ask = Callable[..., TypeAnswers]


def write_library(folder: Path, files: dict[str, str | bytes]) -> tuple[OwnModule, ...]:
    """Write files by relative path and name the modules they make."""
    modules = []
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else textwrap.dedent(text).encode())
        if path.suffix in {".py", ".pyi"}:
            parts = [part for part in Path(name).with_suffix("").parts if part != "__init__"]
            modules.append(OwnModule(name=ModuleName(".".join(parts)), location=path, is_stub=path.suffix == ".pyi"))
    return tuple(sorted(modules, key=lambda one: one.name))


@pytest.fixture(scope="session")
def engine_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engine-cache")


@pytest.fixture(scope="session")
def ask(tmp_path_factory: pytest.TempPathFactory, engine_cache: Path) -> Ask:
    """Ask about a library given as text; other packages are those installed beside the tests."""

    def ask_about(
        files: dict[str, str | bytes],
        *,
        externals: tuple[str, ...] = (),
        follow: tuple[str, ...] = (),
        python_version: str = "3.12",
        cache_dir: Path | None = engine_cache,
        search_paths: tuple[Path, ...] = (INSTALLED,),
    ) -> TypeAnswers:
        folder = tmp_path_factory.mktemp("library")
        return ask_engine(
            TypeRequest(
                modules=write_library(folder, files),
                search_paths=search_paths,
                python_version=python_version,
                platform="linux",
                follow=follow,
                externals=tuple(SymbolPath(path) for path in externals),
                cache_dir=cache_dir,
                time_limit_seconds=120,
            )
        )

    return ask_about


@pytest.fixture(scope="session")
def symbols(ask: Ask) -> Callable[..., dict[str, Answer]]:
    """Answers for one module ``lib`` given as text; members of its classes are there as ``Class.member`` too."""

    def answers_for(text: str, **options: object) -> dict[str, Answer]:
        answers = ask({"lib.py": text}, **options)
        assert answers.diagnostics == ()
        return dict(_flat(dict(answers.modules[ModuleName("lib")].symbols)))

    return answers_for


def _flat(found: dict[str, Answer]) -> dict[str, Answer]:
    flat: dict[str, Answer] = {}
    for name, answer in found.items():
        flat[name] = answer
        if isinstance(answer, ClassAnswer):
            flat.update({f"{name}.{inner}": member for inner, member in _flat(dict(answer.members)).items()})
    return flat
