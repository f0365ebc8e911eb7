"""Amounts of money: whole cents inside, text at the edge."""


def parse(text: str) -> int:
    """The cents of an amount such as "12.50" or "12"."""
    whole, point, part = text.strip().partition(".")
    if not whole.isdecimal() or (point and not part.isdecimal()) or len(part) > 2:
        raise ValueError(f"not an amount: {text!r}")
    return int(whole) * 100 + int(part.ljust(2, "0"))


def show(cents: int) -> str:
    """An amount as it stands on a receipt."""
    return f"{cents // 100}.{cents % 100:02}"
