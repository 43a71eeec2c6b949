"""Source texts annotated in this process, with what is wanted told in a few words."""

from pybridge.annotate.file import annotate_file
from pybridge.annotate.job import FileAnswer, FileJob, WantedFunction, WantedParameter
from pybridge.model.types import LiteralKind, LiteralValue, Named, NoneType, ParameterKind, Union

KINDS = {
    "*": ParameterKind.VAR_POSITIONAL,
    "**": ParameterKind.VAR_KEYWORD,
    "/": ParameterKind.POSITIONAL_ONLY,
    "=": ParameterKind.KEYWORD_ONLY,
    "": ParameterKind.POSITIONAL_OR_KEYWORD,
}

INT, STR = Named(path="builtins:int"), Named(path="builtins:str")
ITERATOR = Named(path="typing:Iterator", arguments=(INT,))
NONE = NoneType()


def optional(expr):
    return Union(members=(expr, NONE))


def constant(text):
    return LiteralValue(kind=LiteralKind.STR, text=text)


def function(qualname, returns=None, *, is_property=False, **parameters):
    """Want a function; a parameter is its type, or its type and a mark of `KINDS`."""
    listed = []
    for name, wanted in parameters.items():
        expr, mark = wanted if isinstance(wanted, tuple) else (wanted, "")
        listed.append(WantedParameter(name=name, kind=KINDS[mark], type=expr))
    return WantedFunction(
        qualname=qualname,
        has_receiver="." in qualname,
        is_property=is_property,
        parameters=tuple(listed),
        returns=returns,
    )


def job(text, *functions, module="pkg.mod", python_version=(3, 11), path="pkg/mod.py", **others):
    return FileJob(
        module=module,
        is_package=False,
        path=path,
        data=text if isinstance(text, bytes) else text.encode(),
        python_version=python_version,
        functions=functions,
        other_paths=others.get("other_paths", {}),
    )


def annotated(text, *functions, **options) -> str:
    """The new text; the old one where nothing changes."""
    answer: FileAnswer = annotate_file(job(text, *functions, **options))
    assert answer.diagnostics == (), answer.diagnostics
    data = text if isinstance(text, bytes) else text.encode()
    return (data if answer.data is None else answer.data).decode()
