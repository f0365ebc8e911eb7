import os
import subprocess

import pytest

from pointsman.files.workspace import Workspace
from pointsman.index.store import Index

SHOP = {
    "pyproject.toml": "[project]\nname = 'shop'\n",
    "shop/__init__.py": "",
    "shop/__main__.py": "from shop.cart import Cart\n\n\ndef main():\n    Cart().total()\n",
    "shop/money.py": """\
class Money:
    '''Cents.'''

    def rounded(self):
        return self


def convert_currency(money):
    return Money()
""",
    "shop/cart.py": """\
from shop.money import Money, convert_currency


class Cart:
    def total(self):
        return convert_currency(Money())

    def empty(self):
        return None
""",
    "shop/unrelated.py": "def weather():\n    return 'rain'\n",
    "tests/test_cart.py": "from shop.cart import Cart\n\n\ndef test_total():\n    assert Cart().total()\n",
    "tests/test_money.py": """\
from shop.money import convert_currency


def test_convert():
    convert_currency(1)
""",
    "web/src/view.ts": 'import { render } from "./render"\n\nexport class View { show() { render(this) } }\n',
    "web/src/render.ts": "export function render(view: unknown): void {}\n",
}


@pytest.fixture
def shop(tmp_path):
    for path, text in SHOP.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        os.utime(file, (1_700_000_000, 1_700_000_000))  # long ago: a file of this moment is looked at twice
    return tmp_path


@pytest.fixture
def index(shop):
    made = Index(shop)
    made.scan_now(Workspace(shop))
    return made


@pytest.fixture
def git_here():
    """What commits everything below a folder, as the first commit of a repository of its own."""

    def commit(folder, *options):
        program = ("git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
        for command in (("init", "-q", *options), ("add", "."), ("commit", "-q", "-m", "all")):
            subprocess.run([*program, *command], cwd=folder, check=True, capture_output=True)

    return commit
