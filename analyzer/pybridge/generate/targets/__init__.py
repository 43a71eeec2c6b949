"""The generators, by name; each is loaded when it is first asked for."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

from pybridge.errors import UnknownTarget
from pybridge.generate.options import GenerationOptions
from pybridge.model.library import LibraryDescriptor
from pybridge.model.names import Digest
from pybridge.model.plan import GeneratedFile, GenerationPlan


class Generator(Protocol):
    """What a target offers."""

    def plan(self, descriptor: LibraryDescriptor, *, digest: Digest, options: GenerationOptions) -> GenerationPlan:
        """Decide every file."""

    def render(self, plan: GenerationPlan) -> tuple[GeneratedFile, ...]:
        """Write out a plan that `plan` made."""


def _elixir() -> Generator:
    from pybridge.generate.targets.elixir import ElixirGenerator  # noqa: PLC0415 (jinja2 is slow to import)

    return ElixirGenerator()


TARGETS: Mapping[str, Callable[[], Generator]] = MappingProxyType({"elixir": _elixir})
"""Name of a target to a function that loads it."""


def find_target(name: str) -> Generator:
    """Load a generator.

    Raises:
        UnknownTarget: there is none of that name.
    """
    load = TARGETS.get(name)
    if load is None:
        raise UnknownTarget("generator", name, sorted(TARGETS))
    return load()
