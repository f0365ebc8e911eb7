from pointsman.index.postings import key
from pointsman.index.shelf import LINE, Shelf, pack
from pointsman.index.symbols import extract

SOURCE = b"""
class Cart:
    total: int

    def add(self, item): ...

    def add(self, item, count): ...


def add(): ...
"""


def test_a_shelf_tells_of_each_definition_what_a_map_weighs():
    symbols = extract("shop/cart.py", SOURCE).symbols
    shelf = Shelf(pack(symbols))
    names, parts, sizes = map(list, zip(*shelf.definitions, strict=True))
    assert names == [key(symbol.name) for symbol in symbols]
    assert sizes == [LINE + len(symbol.signature) for symbol in symbols]
    assert [part < 1 for part in parts] == [symbol.kind == "field" for symbol in symbols]
    assert [shelf.definition(place) for place in range(len(symbols))] == shelf.definitions
    for name in {symbol.name for symbol in symbols}:
        assert shelf.find(key(name)) == [place for place, symbol in enumerate(symbols) if symbol.name == name]
    assert shelf.find(key("nobody")) == []


def test_a_name_is_not_found_across_two_definitions():
    symbols = extract("many.py", "".join(f"def name_{number}(): ...\n" for number in range(2000)).encode()).symbols
    shelf = Shelf(pack(symbols))
    assert all(shelf.find(name) == [place] for place, (name, _, _) in enumerate(shelf.definitions))
