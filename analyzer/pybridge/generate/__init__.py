"""A descriptor becomes the files of a client.

In: `LibraryDescriptor`. Out: `GenerationPlan`, `GeneratedFile`s. May import: codec, errors, model; jinja2.
"""

from pybridge.generate.options import GenerationOptions
from pybridge.generate.targets import TARGETS, find_target
from pybridge.model.library import LibraryDescriptor
from pybridge.model.names import Digest
from pybridge.model.plan import GeneratedFile, GenerationPlan

__all__ = ["TARGETS", "GenerationOptions", "plan", "render"]


def plan(
    descriptor: LibraryDescriptor, *, digest: Digest, target: str, options: GenerationOptions | None = None
) -> GenerationPlan:
    """Decide every file of a client: names, types, escapes and order.

    The same descriptor gives the same plan, whatever the order of its parts. What cannot be generated is a
    `Diagnostic` of the plan.

    Raises:
        UnknownTarget: there is no generator of that name, or an option is nothing it can use.
    """
    return find_target(target).plan(descriptor, digest=digest, options=options or GenerationOptions())


def render(plan: GenerationPlan) -> tuple[GeneratedFile, ...]:
    """Write out a plan, file by file, in its order.

    Raises:
        UnknownTarget: the plan is of a generator that is not installed.
    """
    return find_target(plan.target).render(plan)
