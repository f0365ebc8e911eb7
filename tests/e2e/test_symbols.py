"""Symbols and definitions from the index, for whoever turns them on."""

from dataclasses import asdict

import pytest

from pointsman.files.paths import to_uri
from support.lsp import FULL, session

TAKES_LATER = {
    **FULL,
    "workspace": {**FULL["workspace"], "symbol": {"dynamicRegistration": True}},
    "textDocument": {
        **FULL["textDocument"],
        "documentSymbol": {"dynamicRegistration": True, "hierarchicalDocumentSymbolSupport": True},
        "definition": {"dynamicRegistration": True},
    },
}
PROVIDERS = ("workspaceSymbolProvider", "documentSymbolProvider", "definitionProvider")
METHODS = ["textDocument/definition", "textDocument/documentSymbol", "workspace/symbol"]
FILES = {
    "shop/money.py": "class Money:\n    def rounded(self):\n        return self\n",
    "shop/cart.py": "from shop.money import Money\n\n\ndef total():\n    é = '🙂'; return Money().rounded()\n",
    "other/money.py": "class Money: ...\n",
    "web/view.ts": "export class Money {}\n",
}


@pytest.fixture
def root(tmp_path):
    for path, text in FILES.items():
        file = tmp_path / "work" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return tmp_path / "work"


async def found(editor, query):
    """The symbols of the workspace, once its first reading is over."""
    for _ in range(200):
        symbols = await editor.request("workspace/symbol", {"query": query})
        if symbols:
            return symbols
    raise AssertionError(query)


def at(editor, file, offset):
    document = editor.documents[to_uri(file)]
    return {"textDocument": {"uri": to_uri(file)}, "position": asdict(document.position(offset, editor.encoding))}


def registered(editor):
    return [one["method"] for sent in editor.all("client/registerCapability") for one in sent["registrations"]]


async def test_nothing_is_announced_nor_answered_unless_it_is_turned_on(root):
    async with session(root, capabilities=TAKES_LATER) as editor:
        assert not any(editor.hello["capabilities"].get(name) for name in PROVIDERS)
        editor.open(root / "shop/cart.py")
        await editor.ready(root / "shop/cart.py")
        assert registered(editor) == []
        assert await editor.request("workspace/symbol", {"query": "Money"}) is None
        uri = {"textDocument": {"uri": to_uri(root / "shop/cart.py")}}
        assert await editor.request("textDocument/documentSymbol", uri) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_a_client_that_takes_registrations_is_told_later(root, encoding):
    cart = root / "shop/cart.py"
    async with session(root, capabilities=TAKES_LATER, settings={"symbols": True}, encoding=encoding) as editor:
        assert not any(editor.hello["capabilities"].get(name) for name in PROVIDERS)
        editor.open(cart)
        await editor.until(lambda: registered(editor) == METHODS)
        symbols = await found(editor, "mon")
        assert {symbol["location"]["uri"] for symbol in symbols} == {
            to_uri(root / path) for path in ("shop/money.py", "other/money.py", "web/view.ts")
        }
        text = editor.text(cart)
        place = text.rindex("Money()")
        (definition,) = await editor.request("textDocument/definition", at(editor, cart, place + 2))
        assert definition["uri"] == to_uri(root / "shop/money.py")
        assert definition["range"] == {"start": {"line": 0, "character": 6}, "end": {"line": 0, "character": 11}}
        (method,) = await editor.request("textDocument/definition", at(editor, cart, text.index("rounded")))
        assert method["range"]["start"] == {"line": 1, "character": 8}
        assert await editor.request("textDocument/definition", at(editor, cart, text.index("return"))) == []


async def test_one_that_takes_none_turns_it_on_when_it_starts(root):
    money = root / "shop/money.py"
    nested = {"documentSymbol": {"hierarchicalDocumentSymbolSupport": True}}
    capabilities = {**FULL, "textDocument": {**FULL["textDocument"], **nested}}
    async with session(root, capabilities=capabilities, options={"pointsman": {"symbols": True}}) as editor:
        assert all(editor.hello["capabilities"].get(name) for name in PROVIDERS)
        editor.open(money)
        await editor.ready(money)
        (top,) = await editor.request("textDocument/documentSymbol", {"textDocument": {"uri": to_uri(money)}})
        assert (top["name"], top["detail"], top["kind"]) == ("Money", "class Money:", 5)
        (inner,) = top["children"]
        assert (inner["name"], inner["kind"], inner["selectionRange"]["start"]["line"]) == ("rounded", 6, 1)
        assert registered(editor) == []


async def test_a_client_that_knows_no_nesting_gets_a_list(root):
    money = root / "shop/money.py"
    async with session(root, options={"symbols": True}) as editor:
        editor.open(money)
        await editor.ready(money)
        symbols = await editor.request("textDocument/documentSymbol", {"textDocument": {"uri": to_uri(money)}})
        assert [(symbol["name"], symbol.get("containerName")) for symbol in symbols] == [
            ("Money", ""),
            ("rounded", "Money"),
        ]
