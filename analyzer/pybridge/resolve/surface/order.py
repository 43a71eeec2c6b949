"""Orders modules so that what a module needs comes before it."""

from collections.abc import Mapping, Sequence

from pybridge.model.names import ModuleName


def components(needs: Mapping[ModuleName, Sequence[ModuleName]]) -> tuple[tuple[ModuleName, ...], ...]:
    """Group modules that need each other, needed groups first; a module alone is a group of one.

    Every module named in a value must be a key. The order depends on names only. Nothing recurses, so a chain may
    be of any length.

    Source: R. Tarjan, Depth-first search and linear graph algorithms (1972).
    """
    numbers: dict[ModuleName, int] = {}
    lows: dict[ModuleName, int] = {}
    waiting: list[ModuleName] = []
    is_waiting: set[ModuleName] = set()
    found: list[tuple[ModuleName, ...]] = []
    for start in sorted(needs):
        if start in numbers:
            continue
        path = [(start, iter(needs[start]))]
        numbers[start] = lows[start] = len(numbers)
        waiting.append(start)
        is_waiting.add(start)
        while path:
            module, rest = path[-1]
            needed = next(rest, None)
            if needed is None:
                path.pop()
                if path:
                    above = path[-1][0]
                    lows[above] = min(lows[above], lows[module])
                if lows[module] == numbers[module]:
                    at = waiting.index(module)
                    found.append(tuple(sorted(waiting[at:])))
                    is_waiting.difference_update(waiting[at:])
                    del waiting[at:]
            elif needed not in numbers:
                numbers[needed] = lows[needed] = len(numbers)
                waiting.append(needed)
                is_waiting.add(needed)
                path.append((needed, iter(needs[needed])))
            elif needed in is_waiting:
                lows[module] = min(lows[module], numbers[needed])
    return tuple(found)
