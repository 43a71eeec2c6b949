"""The plan of a client in Elixir: every file, in order of its path."""

from pybridge.generate.options import GenerationOptions
from pybridge.generate.targets.elixir.files.class_plan import plan_class
from pybridge.generate.targets.elixir.files.library_words import library_words
from pybridge.generate.targets.elixir.files.module_plan import plan_module, plan_root
from pybridge.generate.targets.elixir.surface import collect
from pybridge.model.diagnostic import Diagnostic
from pybridge.model.library import LibraryDescriptor
from pybridge.model.names import Digest
from pybridge.model.plan import GenerationPlan, PlannedFile

TARGET = "elixir"


def plan_library(descriptor: LibraryDescriptor, *, digest: Digest, options: GenerationOptions) -> GenerationPlan:
    """Plan the root module, one module for each public class, and one for each module with functions.

    Raises:
        UnknownTarget: the root module's name that was asked for is none.
    """
    surface = collect(descriptor, options)
    words = library_words(descriptor, digest, surface)
    docstrings: dict[str, str | None] = {module.name: module.docstring for module in descriptor.modules}
    files: list[PlannedFile] = []
    diagnostics: list[Diagnostic] = list(surface.diagnostics)
    root, *modules = surface.modules
    planned = [plan_root(root, surface, words, descriptor, docstrings.get(root.python_path))]
    planned += [plan_module(one, surface, words, docstrings.get(one.python_path)) for one in modules]
    planned += [plan_class(one, surface, words, with_inherited=options.with_inherited) for one in surface.classes]
    for file, problems in planned:
        files.append(file)
        diagnostics += problems
    return GenerationPlan(
        target=TARGET,
        library=descriptor.name,
        descriptor_digest=digest,
        files=tuple(sorted(files, key=lambda file: file.path)),
        diagnostics=tuple(sorted(diagnostics, key=lambda one: (one.code, one.message))),
    )
