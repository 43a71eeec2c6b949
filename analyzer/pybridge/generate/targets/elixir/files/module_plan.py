"""The functions and variables of one Python module become one module; the library's own also holds its tables."""

from pybridge import __version__
from pybridge.generate.targets.elixir import layout
from pybridge.generate.targets.elixir.docs.markdown import docstring_text, moduledoc, paragraphs
from pybridge.generate.targets.elixir.docs.python_text import code_span
from pybridge.generate.targets.elixir.escape import Elixir, string
from pybridge.generate.targets.elixir.files.content import FunctionsContent, ModuleBody, RootContent
from pybridge.generate.targets.elixir.files.library_words import LibraryWords
from pybridge.generate.targets.elixir.functions.body_plan import plan_body
from pybridge.generate.targets.elixir.functions.callee import Callee, of_function, of_variable
from pybridge.generate.targets.elixir.functions.module_context import ModuleContext
from pybridge.generate.targets.elixir.surface import PlannedModule, Surface, class_paths
from pybridge.model.diagnostic import Diagnostic
from pybridge.model.library import LibraryDescriptor
from pybridge.model.names import SymbolPath
from pybridge.model.plan import PlannedFile

_ALIAS = Elixir("alias PyBridge.{Error, Runtime}")


def plan_module(
    planned: PlannedModule, surface: Surface, words: LibraryWords, docstring: str | None
) -> tuple[PlannedFile, tuple[Diagnostic, ...]]:
    """Plan the file of a Python module's functions."""
    body, diagnostics = _body(planned, surface, words)
    text = paragraphs(docstring_text(docstring), f"Functions of the Python module {code_span(planned.python_path)}.")
    content = FunctionsContent(
        header=words.header,
        module=Elixir(planned.module),
        moduledoc=moduledoc(text),
        alias=_ALIAS if body.blocks else None,
        attribute=_attribute(planned, Elixir(surface.root)) if body.blocks else None,
        body=body,
    )
    file = PlannedFile(path=planned.file, template="functions.ex.jinja", content=content, symbols=_symbols(planned))
    return file, diagnostics


def plan_root(
    planned: PlannedModule, surface: Surface, words: LibraryWords, descriptor: LibraryDescriptor, docstring: str | None
) -> tuple[PlannedFile, tuple[Diagnostic, ...]]:
    """Plan the file of the library."""
    body, diagnostics = _body(planned, surface, words)
    named = f"{code_span(descriptor.name)} {words.version}".strip()
    content = RootContent(
        header=words.header,
        module=Elixir(planned.module),
        moduledoc=moduledoc(paragraphs(f"Client of the Python library {named}.", docstring_text(docstring))),
        alias=_ALIAS if body.blocks else None,
        attribute=_attribute(planned, Elixir("__MODULE__")) if body.blocks else None,
        library=layout.entries_of(
            (
                (Elixir("name:"), string(descriptor.name)),
                (Elixir("version:"), string(words.version)),
                (Elixir("descriptor:"), string(words.digest[:8])),
                (Elixir("generator:"), string(__version__)),
            ),
            indent=6,
        ),
        classes=_table({path: one.module for one in surface.classes for path in class_paths(one)}),
        modules=_table({one.python_path: one.module for one in surface.modules if one is not planned or body.blocks}),
        body=body if body.blocks else None,
    )
    file = PlannedFile(path=planned.file, template="root.ex.jinja", content=content, symbols=_symbols(planned))
    return file, diagnostics


def _body(planned: PlannedModule, surface: Surface, words: LibraryWords) -> tuple[ModuleBody, tuple[Diagnostic, ...]]:
    path = planned.python_path
    context = ModuleContext(
        python_path=path, attribute="@module", scope=surface.scope, paths=words.paths, is_class=False
    )
    facts = (
        layout.entry(Elixir("name:"), string(path.rpartition(".")[2]), indent=6),
        layout.entry(Elixir("python_path:"), string(path), indent=6),
        Elixir("elixir_module: __MODULE__"),
        Elixir("kind: :module"),
    )
    return plan_body(_callees(planned), facts, context), tuple(context.diagnostics)


def _callees(planned: PlannedModule) -> list[Callee]:
    found: dict[str, Callee] = {}
    for function in planned.functions:
        name = function.public_paths[0].rpartition(".")[2]
        callee = of_function(function, name=name)
        if callee is not None:
            found.setdefault(name, callee)
    for variable in planned.variables:
        name = variable.public_paths[0].rpartition(".")[2]
        found.setdefault(name, of_variable(variable, name=name))
    return list(found.values())


def _attribute(planned: PlannedModule, root: Elixir) -> Elixir:
    return Elixir(
        f"@module {layout.triple(Elixir('__MODULE__'), string(planned.python_path), root, indent=10, is_last=True)}"
    )


def _symbols(planned: PlannedModule) -> tuple[SymbolPath, ...]:
    return (*(one.path for one in planned.functions), *(one.path for one in planned.variables))


def _table(modules: dict[str, str]) -> tuple[Elixir, ...]:
    entries = tuple((Elixir(f"{string(path)} =>"), Elixir(module)) for path, module in sorted(modules.items()))
    return layout.entries_of(entries, indent=6)
