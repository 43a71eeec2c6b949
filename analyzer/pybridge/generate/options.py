"""What a user may choose about a generation."""

import msgspec


class GenerationOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Choices that change what is generated; each target reads what concerns it."""

    root: str | None = None
    """Name of the root module, ``"Jinja2"``; None to derive it from the library's name."""
    include: tuple[str, ...] = ()
    """Globs over public paths, ``"jinja2.ext.*"``; empty to take everything public."""
    with_inherited: bool = False
    """Whether a class's module repeats what its public ancestors in the library define, whose functions take its
    instances anyway. Off, because it multiplies: sympy becomes five million lines."""
