"""The words above a generated function."""

from pybridge.generate.targets.elixir.docs.markdown import argument_lists, docstring_text, paragraphs
from pybridge.generate.targets.elixir.docs.python_text import claim_text, code_span, cut, signature_text
from pybridge.generate.targets.elixir.functions.callee import Access, Callee, CalleeKind
from pybridge.generate.targets.elixir.functions.module_context import ModuleContext
from pybridge.generate.targets.elixir.functions.shape import Shape

OVERLOADS_SHOWN = 8
_STREAM = (
    "Waits for the first item, so that a call that cannot start returns its error. Enumerate the\n"
    "result once, in the calling process; a later failure raises `PyBridge.Error`."
)


def function_text(callee: Callee, shape: Shape, variables: dict[str, str], context: ModuleContext) -> str:
    """Documentation of a function, in Markdown."""
    if callee.access is not Access.CALL:
        return _attribute_text(callee, context)
    if callee.inherited_from is not None:
        return (
            f"Inherited from {code_span(callee.inherited_from)}: {code_span(_signature(callee, context, limit=160))}."
        )
    lists = argument_lists(shape, variables=variables)
    described = any(one.parameter.description for one in (*shape.required, *shape.options))
    said = docstring_text(callee.docstring, without_parameters=described)
    text = paragraphs(
        _opening(context) if callee.kind is CalleeKind.CREATE else "",
        said,
        *lists,
        "" if callee.kind is CalleeKind.CREATE else _python(callee, context),
        _STREAM if callee.item is not None else "",
    )
    return text or f"Python {code_span(callee.python_name)}."


def bang_text(name: str, arity: int, *, is_lazy: bool) -> str:
    """Documentation of a bang variant."""
    if is_lazy:
        return f"Like `{name}/{arity}`, but lazy: each enumeration is a new call, and every failure raises."
    return f"Like `{name}/{arity}`, but raises `PyBridge.Error`."


def _opening(context: ModuleContext) -> str:
    return f"Creates a {code_span(context.python_path)}."


def _python(callee: Callee, context: ModuleContext) -> str:
    """Say how Python writes it, when that tells more than the heading above does."""
    if len(callee.signatures) > 1:
        shown = callee.signatures[:OVERLOADS_SHOWN]
        lines = [f"  * {code_span(signature_text(callee.python_name, one))}" for one in shown]
        more = len(callee.signatures) - len(shown)
        lines += [f"  * and {more} more"] if more else []
        return "Python overloads:\n\n" + "\n".join(lines)
    what = {CalleeKind.CLASS_METHOD: "Python class method", CalleeKind.STATIC_METHOD: "Python static method"}
    return f"{what.get(callee.kind, 'Python')}: {code_span(_signature(callee, context))}"


def _signature(callee: Callee, context: ModuleContext, *, limit: int = 600) -> str:
    name = callee.python_name if context.is_class else f"{context.python_path}.{callee.python_name}"
    return signature_text(name, callee.widest, limit=limit)


def _attribute_text(callee: Callee, context: ModuleContext) -> str:
    declared = claim_text(callee.signatures[0].returns)
    name = callee.python_name if context.is_class else f"{context.python_path}.{callee.python_name}"
    span = code_span(cut(f"{name}: {declared}" if declared else name, 300))
    if callee.inherited_from is not None:
        verb = "Sets" if callee.access is Access.WRITE else "Reads"
        return f"{verb} {span}, inherited from {code_span(callee.inherited_from)}."
    if callee.access is Access.WRITE:
        return f"Sets the Python property {span}."
    what = "variable" if callee.kind is CalleeKind.VARIABLE else "property"
    return paragraphs(docstring_text(callee.docstring), f"Python {what} {span}.")
