"""PB507: keys of a typed dict came, went, or have to be there otherwise."""

from collections.abc import Iterator, Mapping

import msgspec

from pybridge.compat.pairs import ClassPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.symbol_texts import symbol_text
from pybridge.model.classes import Class, ClassKind, Field
from pybridge.model.finding import Bump, Verdicts
from pybridge.model.names import PublicPath, SymbolPath

_OPTIONAL = verdicts("SSRS")
_CLOSED = verdicts("-BB-")


class _Key(msgspec.Struct, frozen=True):
    """A key as it is told."""

    name: str
    old: Field | None
    new: Field | None


def check(pair: ClassPair) -> Iterator[Hit]:
    """Find differences of the keys that a typed dict itself names, and of what it says of all."""
    if pair.old.kind is not ClassKind.TYPED_DICT or pair.new.kind is not ClassKind.TYPED_DICT:
        return
    before, now = _keys(pair.old), _keys(pair.new)
    turned = _turned(pair, before, now)
    if turned:
        yield _total(pair, turned)
    for name in (*before, *(name for name in now if name not in before)):
        yield from _key(pair, _Key(name, before.get(name), now.get(name)), is_told=name in turned)
    if pair.old.is_closed is not pair.new.is_closed:
        yield _class_hit(
            pair,
            "closed",
            "it may have no other keys" if pair.new.is_closed else "it may have other keys",
            (f"closed={pair.old.is_closed}", f"closed={pair.new.is_closed}"),
            _CLOSED,
        )


def _keys(one: Class) -> Mapping[str, Field]:
    return {field.name: field for field in one.fields}


def _turned(pair: ClassPair, before: Mapping[str, Field], now: Mapping[str, Field]) -> tuple[str, ...]:
    """Keys that changed because the class says otherwise of all of them."""
    if pair.old.is_total is pair.new.is_total:
        return ()
    return tuple(
        sorted(
            name
            for name, field in before.items()
            if name in now and field.is_required is pair.old.is_total and now[name].is_required is pair.new.is_total
        )
    )


def _total(pair: ClassPair, turned: tuple[str, ...]) -> Hit:
    names = ", ".join(map(repr, turned))
    happened = "must be there now" if pair.new.is_total else "need not be there any more"
    texts = f"total={pair.old.is_total}", f"total={pair.new.is_total}"
    return _class_hit(pair, "total", f"{names} {happened}", texts, None)


def _class_hit(pair: ClassPair, part: str, message: str, texts: tuple[str, str], letters: Verdicts | None) -> Hit:
    return Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        part=part,
        message=message,
        old_text=texts[0],
        new_text=texts[1],
        verdicts=letters,
    )


def _key(pair: ClassPair, key: _Key, *, is_told: bool) -> Iterator[Hit]:
    name = key.name
    if key.new is None:
        yield _key_hit(pair, key, "", f"key {name!r} was removed", None)
    elif key.old is None:
        letters = None if key.new.is_required else _OPTIONAL
        requires = None if key.new.is_required else Bump.MINOR
        word = "required key" if key.new.is_required else "key"
        yield msgspec.structs.replace(_key_hit(pair, key, "", f"{word} {name!r} was added", letters), requires=requires)
    else:
        if key.old.is_required is not key.new.is_required and not is_told:
            happened = "must be there now" if key.new.is_required else "need not be there any more"
            yield _key_hit(pair, key, "required", f"{name!r} {happened}", None)
        if key.old.is_readonly is not key.new.is_readonly:
            happened = "became read-only" if key.new.is_readonly else "can be set now"
            yield _key_hit(pair, key, "readonly", f"{name!r} {happened}", None)


def _key_hit(pair: ClassPair, key: _Key, part: str, message: str, letters: Verdicts | None) -> Hit:
    path = SymbolPath(f"{pair.old.path}.{key.name}")
    return Hit(
        symbol=path,
        old_symbol=path if key.old is not None else pair.old.path,
        new_symbol=SymbolPath(f"{pair.new.path}.{key.name}") if key.new is not None else pair.new.path,
        path=PublicPath(f"{pair.path}.{key.name}"),
        part=part,
        message=message,
        old_text=_text(key.old),
        new_text=_text(key.new),
        verdicts=letters,
    )


def _text(field: Field | None) -> str | None:
    """A key as an annotation, with what it says of itself."""
    if field is None:
        return None
    head, colon, tail = symbol_text(field).partition(": ")
    if not colon:
        return head
    inner = f"ReadOnly[{tail}]" if field.is_readonly else tail
    return f"{head}: {inner}" if field.is_required else f"{head}: NotRequired[{inner}]"


RULE = Rule(
    id="PB507",
    name="typed-dict-changed",
    title="A key of a typed dict was added, removed, or has to be there otherwise.",
    why="Reading a key that need not be there may raise KeyError. Type checkers refuse dicts that lack a required key, have "
    "one too many, or set a read-only one.",
    before="from typing import TypedDict\n\n\nclass Options(TypedDict):\n    url: str\n    timeout: int",
    after="from typing import TypedDict\n\n\nclass Options(TypedDict):\n    url: str",
    verdicts=verdicts("RBBB"),
    requires=Bump.MAJOR,
    on=ClassPair,
    check=check,
)
