"""The bill as text, one line for each guest."""

import textwrap

from splitbill.money import parse, show
from splitbill.shares import split, with_tip


def receipt(amount: str, guests: list[str], tip: int = 0) -> str:
    """Who pays what of an amount, and the total below."""
    total = with_tip(parse(amount), tip)
    width = max(len(guest) for guest in [*guests, "total"])
    rows = zip(guests, split(total, len(guests)), strict=True)
    lines = [f"{guest:<{width}}  {show(share):>8}" for guest, share in rows]
    return "\n".join([*lines, f"{'total':<{width}}  {show(total):>8}"])
