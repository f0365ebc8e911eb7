"""Who owes how much. All amounts are whole cents."""


def with_tip(cents: int, percent: int) -> int:
    """A bill with a tip, rounded to the nearest cent."""
    return cents + (cents * percent + 50) // 100


def split(cents: int, people: int) -> list[int]:
    """The shares of a bill: they add up to it, and no two differ by more than a cent."""
    if people < 1:
        raise ValueError("a bill needs someone to pay it")
    return [cents // people] * people


def owed(shares: dict[str, int], paid: dict[str, int]) -> dict[str, int]:
    """What each guest still owes; less than nothing for those who paid too much."""
    return {guest: share - paid.get(guest, 0) for guest, share in shares.items()}
