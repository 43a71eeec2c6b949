"""One public class becomes one module: a struct, its types, and functions for all its public members."""

from pybridge.generate.targets.elixir import layout
from pybridge.generate.targets.elixir.docs.markdown import doc, docstring_text, moduledoc, paragraphs
from pybridge.generate.targets.elixir.docs.python_text import code_span
from pybridge.generate.targets.elixir.escape import Elixir, string
from pybridge.generate.targets.elixir.files.content import ClassContent
from pybridge.generate.targets.elixir.files.library_words import LibraryWords
from pybridge.generate.targets.elixir.functions.body_plan import plan_body
from pybridge.generate.targets.elixir.functions.callee import (
    Callee,
    of_constructor,
    of_enum_member,
    of_method,
    of_property,
)
from pybridge.generate.targets.elixir.functions.module_context import ModuleContext
from pybridge.generate.targets.elixir.surface import PlannedClass, Surface
from pybridge.model.classes import Class, Field, Property
from pybridge.model.diagnostic import Diagnostic
from pybridge.model.names import SymbolPath, dotted
from pybridge.model.plan import PlannedFile

INSTANCE_LIMIT = 64
"""A class with more public subclasses than this takes any generated struct as its instance, not a list of them."""


def plan_class(
    planned: PlannedClass, surface: Surface, words: LibraryWords, *, with_inherited: bool
) -> tuple[PlannedFile, tuple[Diagnostic, ...]]:
    """Plan the file of a class."""
    path = planned.public_paths[0]
    context = ModuleContext(
        python_path=path,
        attribute="@class",
        scope=surface.scope,
        paths=words.paths,
        is_class=True,
        has_subclasses=bool(_subclasses(planned, surface)),
    )
    body = plan_body(_callees(planned, surface, with_inherited=with_inherited), _facts(planned, path), context)
    span = code_span(path)
    attribute = Elixir(
        f"@class {layout.triple(Elixir('__MODULE__'), string(path), Elixir(surface.root), indent=9, is_last=True)}"
    )
    content = ClassContent(
        header=words.header,
        module=Elixir(planned.module),
        moduledoc=moduledoc(_moduledoc(planned.cls, path, _ancestors(planned, surface))),
        alias=Elixir("alias PyBridge.{Error, Ref, Runtime}" if body.blocks else "alias PyBridge.Ref"),
        attribute=attribute if body.blocks else None,
        typedoc=doc(f"A {span} held by a Python worker.", name="@typedoc"),
        instance_doc=doc(f"What Python takes as a {span}: it or an instance of a subclass.", name="@typedoc"),
        instance_type=_instance_type(planned, surface),
        body=body,
    )
    file = PlannedFile(path=planned.file, template="class.ex.jinja", content=content, symbols=(planned.cls.path,))
    return file, tuple(context.diagnostics)


def _ancestors(planned: PlannedClass, surface: Surface) -> tuple[str, ...]:
    """Modules of the public ancestors, nearest first."""
    found = (surface.module_of.get(path) for path in planned.cls.mro if path != planned.cls.path)
    return tuple(one.module for one in found if one is not None)


def _moduledoc(cls: Class, path: str, ancestors: tuple[str, ...]) -> str:
    deprecated = "" if cls.deprecated is None else f"Deprecated in Python. {docstring_text(cls.deprecated)}".strip()
    shown = ", ".join(f"`{module}`" for module in ancestors)
    inherited = f"The functions of its ancestors take it as well: {shown}." if ancestors else ""
    return paragraphs(docstring_text(cls.docstring), deprecated, f"Python class: {code_span(path)}.", inherited)


def _instance_type(planned: PlannedClass, surface: Surface) -> Elixir:
    subclasses = _subclasses(planned, surface)
    if len(subclasses) > INSTANCE_LIMIT:
        return layout.type_definition(Elixir("instance"), (Elixir("%{__struct__: module(), ref: Ref.t()}"),))
    members = (Elixir("t()"), *(Elixir(f"{module}.t()") for module in subclasses))
    return layout.type_definition(Elixir("instance"), members)


def _subclasses(planned: PlannedClass, surface: Surface) -> tuple[str, ...]:
    return tuple(module for module in surface.subclasses.get(planned.cls.path, ()) if module != planned.module)


def _facts(planned: PlannedClass, path: str) -> tuple[Elixir, ...]:
    mro = [string(dotted(one)) for one in planned.cls.mro or (planned.cls.path,)]
    entries = (
        (Elixir("name:"), string(planned.cls.name)),
        (Elixir("python_path:"), string(path)),
        (Elixir("elixir_module:"), Elixir("__MODULE__")),
        (Elixir("kind:"), Elixir(":class")),
        (Elixir("mro:"), layout.listing(mro, indent=6, before=len("mro: "))),
    )
    return tuple(layout.entry(key, value, indent=6) for key, value in entries)


def _callees(planned: PlannedClass, surface: Surface, *, with_inherited: bool) -> list[Callee]:
    """Own members, those of ancestors without a module as if they were own, then those of public ancestors."""
    constructor = of_constructor(planned.cls)
    found = [] if constructor is None else [constructor]
    seen: set[str] = set()
    for path in planned.cls.mro or (planned.cls.path,):
        cls = planned.cls if path == planned.cls.path else surface.every_class.get(path)
        if cls is None:
            continue
        inherited_from = _public_name(path, planned, surface)
        members = _members(cls, inherited_from)
        wanted = inherited_from is None or with_inherited
        found += [member for member in members if wanted and member.python_name not in seen]
        seen |= {member.python_name for member in members} | _hidden(cls)
    return found


def _public_name(path: SymbolPath, planned: PlannedClass, surface: Surface) -> str | None:
    if path == planned.cls.path:
        return None
    ancestor = surface.module_of.get(path)
    return ancestor.public_paths[0] if ancestor is not None else None


def _members(cls: Class, inherited_from: str | None) -> list[Callee]:
    found: list[Callee] = []
    taken: set[str] = set()
    for method in sorted(cls.methods, key=lambda one: (one.name, one.path)):
        callee = of_method(method, inherited_from=inherited_from)
        if callee is not None and callee.python_name not in taken:
            taken.add(callee.python_name)
            found.append(callee)
    attributes: list[Property | Field] = [*cls.properties, *cls.fields]
    for member in sorted(attributes, key=lambda one: (one.name, one.path)):
        if member.name not in taken:
            taken.add(member.name)
            found += of_property(member, inherited_from=inherited_from)
    for one in cls.enum_members:
        read = of_enum_member(one)
        if read is not None and one.name not in taken:
            taken.add(one.name)
            found.append(read)
    return found


def _hidden(cls: Class) -> set[str]:
    """Names that a class gives a meaning of its own, so that an ancestor's does not show through."""
    callables = {one.name for one in cls.methods} | {one.name for one in cls.nested_classes}
    return callables | {one.name for one in cls.properties} | {one.name for one in cls.fields}
