"""The plan of a client is printed: templates loop, and what they print must be `Elixir`."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pybridge.codec import digest_bytes
from pybridge.generate.targets.elixir.escape import Elixir
from pybridge.model.plan import GeneratedFile, GenerationPlan, PlannedFile


def render_plan(plan: GenerationPlan) -> tuple[GeneratedFile, ...]:
    """Print every file of a plan, in its order."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        finalize=only_elixir,
        autoescape=False,  # noqa: S701 (not HTML; `only_elixir` refuses whatever is not escaped for Elixir)
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.globals.clear()
    return tuple(_render(environment, file) for file in plan.files)


def only_elixir(value: object) -> Elixir:
    """Let code through and refuse every other value: text of a library never reaches a template unescaped."""
    if not isinstance(value, Elixir):
        raise TypeError(f"{type(value).__name__} in a template of Elixir, which is not code: {value!r:.80}")
    return value


def _render(environment: Environment, file: PlannedFile) -> GeneratedFile:
    text = environment.get_template(file.template).render(file=file.content)
    return GeneratedFile(path=file.path, text=text, digest=digest_bytes(text.encode("utf-8")), symbols=file.symbols)
