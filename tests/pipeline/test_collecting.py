"""The cycle collector while a run makes what refers to no cycle."""

import gc

import pytest

from pybridge.pipeline.collecting import collector_paused


@pytest.fixture(autouse=True)
def _collector_is_on():
    was_enabled = gc.isenabled()
    gc.enable()
    yield
    if not was_enabled:
        gc.disable()


def test_the_collector_is_off_inside_and_on_again_behind():
    with collector_paused():
        inside = gc.isenabled()

    assert (inside, gc.isenabled()) == (False, True)


def test_a_collector_that_was_off_stays_off():
    gc.disable()
    with collector_paused():
        pass

    assert not gc.isenabled()


def test_what_was_made_meanwhile_is_not_looked_through_as_young():
    with collector_paused():
        made = [[number] for number in range(1000)]
    old = {id(one) for one in gc.get_objects(generation=2)}

    assert [one for one in made if id(one) not in old] == []


def test_cycles_made_meanwhile_are_found_later():
    class Node:
        pass

    with collector_paused():
        node = Node()
        node.itself = node
    number = id(node)
    del node
    gc.collect()

    assert not any(id(one) == number and isinstance(one, Node) for one in gc.get_objects())
