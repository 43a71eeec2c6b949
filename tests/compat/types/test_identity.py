"""A class is the same on both sides where users find it by the same path, wherever its definition went."""

import tempfile
from pathlib import Path

from described import describe
from pybridge.compat.library import Library
from pybridge.compat.types.relate import TypesOfBoth
from pybridge.compat.types.relation import Relation


def library(**files):
    sources = {
        f"lib/{name.replace('__', '/')}.py" if name != "init" else "lib/__init__.py": text
        for name, text in files.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        return Library.of(describe(Path(folder), sources).descriptor)


def relation(old, new, function="use"):
    exprs = [
        next(one for module in side.modules.values() for one in module.functions if one.name == function)
        .signatures[0]
        .parameters[0]
        .type.expr
        for side in (old, new)
    ]
    return TypesOfBoth(old, new).relate(*exprs)


def test_a_class_that_moved_behind_its_public_path_is_the_same():
    old = library(init="from lib.a import Session\ndef use(one: Session): ...\n", a="class Session: ...\n")
    new = library(init="from lib.b import Session\ndef use(one: Session): ...\n", b="class Session: ...\n", a="")

    assert relation(old, new) is Relation.SAME


def test_a_nested_class_moves_with_its_owner():
    old = library(
        init="from lib.a import Session\ndef use(one: Session.State): ...\n", a="class Session:\n    class State: ...\n"
    )
    new = library(
        init="from lib.b import Session\ndef use(one: Session.State): ...\n", b="class Session:\n    class State: ...\n"
    )

    assert relation(old, new) is Relation.SAME


def test_a_class_without_a_public_path_is_found_by_its_name():
    old = library(init="from lib import _a\ndef use(one: _a.Hidden): ...\n", _a="class Hidden: ...\n")
    new = library(init="from lib import _b\ndef use(one: _b.Hidden): ...\n", _b="class Hidden: ...\n")

    assert relation(old, new) is Relation.SAME


def test_another_class_under_the_same_public_path_is_taken_for_the_same():
    old = library(
        init="from lib.a import A as Client\ndef use(one: Client): ...\n", a="class A: ...\nclass B(A): ...\n"
    )
    new = library(
        init="from lib.a import B as Client\ndef use(one: Client): ...\n", a="class A: ...\nclass B(A): ...\n"
    )

    assert relation(old, new) is Relation.SAME


def test_two_classes_of_one_module_are_two():
    text = "class A: ...\nclass B: ...\ndef use(one: {}): ...\n"

    assert relation(library(init=text.format("A")), library(init=text.format("B"))) is Relation.OTHER


def test_a_base_of_the_new_side_counts_for_its_types():
    old = library(init="class A: ...\nclass B(A): ...\ndef use(one: A): ...\n")
    new = library(init="class A: ...\nclass B: ...\ndef use(one: B): ...\n")

    assert relation(old, new) is Relation.OTHER
