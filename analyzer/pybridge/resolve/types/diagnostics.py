"""What a person is told when the type engine goes on without a part of the library."""

from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.names import ModuleName
from pybridge.resolve.types.request import OwnModule


def dropped_module(module: OwnModule, reason: str, *, line: int | None = None) -> Diagnostic:
    """Tell that the engine goes on without a module."""
    return Diagnostic(
        code="engine-dropped-module",
        severity=Severity.WARNING,
        message=f"the type engine cannot read {module.name}: {reason}",
        path=relative_path(module),
        line=line,
    )


def dropped_dependency(name: ModuleName, reason: str) -> Diagnostic:
    """Tell that the engine goes on without a module of another package."""
    return Diagnostic(
        code="engine-dropped-module",
        severity=Severity.WARNING,
        message=f"the type engine cannot read {name}: {reason}",
    )


def skipped_symbol(module: OwnModule, name: str, reason: str) -> Diagnostic:
    """Tell that one name has no answer."""
    return Diagnostic(
        code="engine-skipped-symbol",
        severity=Severity.NOTE,
        message=f"the type engine has no answer for {module.name}.{name}: {reason}",
        path=relative_path(module),
    )


def engine_failed(reason: str) -> Diagnostic:
    """Tell that there are no answers at all."""
    return Diagnostic(
        code="engine-failed",
        severity=Severity.ERROR,
        message=f"the type engine gave no answer: {reason}",
        hint="types come from the source text alone; `pybridge doctor` checks the engine",
    )


def relative_path(module: OwnModule) -> str:
    """Return the module's file as it lies below the folder that importing starts from, with forward slashes."""
    depth = module.name.count(".") + 1
    if module.location.stem == "__init__":
        depth += 1
    return "/".join(module.location.parts[-depth:])


def described(error: BaseException) -> str:
    """Say what was raised in one line of at most 200 characters: its type and what it says."""
    said = " ".join(str(error).split()).encode("utf-8", "backslashreplace").decode()
    return f"{type(error).__name__}: {said}"[:200] if said else type(error).__name__
