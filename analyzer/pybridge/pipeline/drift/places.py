"""Where a symbol is written: its own place, or that of what encloses it."""

from pybridge.model.names import SymbolPath, split_symbol, symbol_path
from pybridge.model.source import Place, SourceMap


def place_of(symbol: SymbolPath, source_map: SourceMap) -> Place | None:
    """Find the place of a symbol, else of the class, else of the module that would hold it; None when none is known."""
    module, qualname = split_symbol(symbol)
    while True:
        found = source_map.places.get(symbol_path(module, qualname))
        if found is not None:
            return found
        if qualname:
            qualname = qualname.rpartition(".")[0]
        elif "." in module:
            module = type(module)(module.rpartition(".")[0])
        else:
            return None
