"""The tags of a document that is being edited: moved with each edit, and replaced where they changed.

Those behind the latest edit are not rewritten: it is noted how far they are to be moved, up to the next edit or until
somebody wants them all. A value never changes, so that it can be read from another thread.
"""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Sequence
from itertools import takewhile
from operator import attrgetter
from typing import NamedTuple

from pointsman.index.tags import Tag, order

_START = attrgetter("start")


class Tags(NamedTuple):
    """See the module: in order; those `after` are to be moved by `shift` bytes and `rows` lines."""

    before: Sequence[Tag] = ()
    after: Sequence[Tag] = ()
    shift: int = 0
    rows: int = 0

    def all(self) -> Sequence[Tag]:
        return [*self.before, *_moved(self.after, self.shift, self.rows)]

    def around(self, at: int) -> list[Tag]:
        """Those in which a byte lies, or at whose end."""
        return [tag for tag in self.parted(at + 1).before if tag.end >= at]

    def edited(self, start: int, end: int, new_end: int, rows: int) -> "Tags":
        """After an edit that brings so many more lines; without those whose name it touches from the inside."""
        before, after, *moves = self.parted(end)
        changed = [
            tag if tag.end < start else _stretched(tag, start, end, new_end, rows)
            for tag in before
            if tag.name_end <= start or tag.name_start >= end
        ]
        return Tags(changed, after, moves[0] + new_end - end, moves[1] + rows)

    def touching(self, low: int, high: int) -> list[Tag]:
        """Those of which something, or of the lines above them, lies between two bytes, the latest edit included."""
        before = [tag for tag in self.before if tag.end >= low]
        low, high = low - self.shift, high - self.shift
        near = takewhile(lambda tag: tag.lead <= high, self.after)
        return [*before, *_moved([tag for tag in near if tag.end >= low], self.shift, self.rows)]

    def replaced(self, old: Iterable[Tag], new: Collection[Tag]) -> "Tags":
        """With `new` ones for `old`, and for those that have the same place as a new one."""
        gone = {tag.name_start for tag in (*old, *new)}
        if not gone:  # as within a long table: nothing is to be parted
            return self
        before, after, *moves = self.parted(max(gone) + 1)
        kept = [tag for tag in before if tag.name_start not in gone]
        for tag in new:
            insort(kept, tag, key=order)
        return Tags(kept, after, *moves)

    def parted(self, at: int) -> "Tags":
        """The same, with those `before` that start before a byte."""
        before, after, shift, rows = self
        if before and before[-1].start >= at:
            cut = bisect_left(before, at, key=_START)
            return Tags(before[:cut], [*_moved(before[cut:], -shift, -rows), *after], shift, rows)
        cut = bisect_left(after, at - shift, key=_START)
        return Tags([*before, *_moved(after[:cut], shift, rows)], after[cut:], shift, rows)


def _moved(tags: Sequence[Tag], shift: int, rows: int) -> Sequence[Tag]:
    if not shift and not rows:
        return tags
    return [
        Tag(tag[0] + shift, tag[1] + shift, tag[2] + shift, tag[3] + shift, tag[4] + shift, tag[5] + rows, *tag[6:])
        for tag in tags
    ]


def _stretched(tag: Tag, start: int, end: int, new_end: int, rows: int) -> Tag:
    """A tag that starts before an edit ends, and whose name is not touched from the inside."""
    lead, first, last = [shifted(place, start, end, new_end) for place in tag[:3]]
    shift, rows = (new_end - end, rows) if tag.name_start >= end else (0, 0)
    return Tag(lead, first, last, tag.name_start + shift, tag.name_end + shift, tag.row + rows, *tag[6:])


def shifted(place: int, start: int, end: int, new_end: int) -> int:
    """A byte after an edit."""
    if place <= start:
        return place
    return place + new_end - end if place >= end else new_end
