"""A client in Elixir: one module for each public class and for each module with functions, formatted and typed."""

from pybridge.generate.options import GenerationOptions
from pybridge.model.library import LibraryDescriptor
from pybridge.model.names import Digest
from pybridge.model.plan import GeneratedFile, GenerationPlan


class ElixirGenerator:
    """The generator of the target ``elixir``."""

    def plan(self, descriptor: LibraryDescriptor, *, digest: Digest, options: GenerationOptions) -> GenerationPlan:
        """Decide every file."""
        from pybridge.generate.targets.elixir.plan import plan_library  # noqa: PLC0415 (loaded when used)

        return plan_library(descriptor, digest=digest, options=options)

    def render(self, plan: GenerationPlan) -> tuple[GeneratedFile, ...]:
        """Write out a plan."""
        from pybridge.generate.targets.elixir.render import render_plan  # noqa: PLC0415 (jinja2 is slow to import)

        return render_plan(plan)
