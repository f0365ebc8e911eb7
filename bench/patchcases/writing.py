"""Writing a diff down, with the liberties that models take."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from patchcases.commits import File, Hunk

Head = Callable[[Hunk], str]
Row = Callable[[str, str], str]


def exact(hunk: Hunk) -> str:
    old, new = hunk.sizes()
    heading = f" {hunk.heading}" if hunk.heading else ""
    return f"@@ -{hunk.start},{old} +{hunk.new_start},{new} @@{heading}"


def plain_row(sign: str, text: str) -> str:
    return sign + text


@dataclass
class Style:
    """How a diff is written."""

    head: Head = exact
    row: Row = plain_row
    git: bool = True
    prefixes: tuple[str, str] = ("a/", "b/")
    marks: bool = True
    stamp: str = ""


def render(files: Sequence[File], style: Style | None = None) -> str:
    style = style or Style()
    return "".join(file_text(file, style) for file in files)


def file_text(file: File, style: Style, *, header: bool = True) -> str:
    lines: list[str] = []
    a, b = style.prefixes
    old, new = file.old or file.new, file.new or file.old
    if header and (style.git or not file.hunks or any("rename" in line for line in file.extended)):
        lines.append(f"diff --git {a}{old} {b}{new}")
        lines += file.extended
    if header and file.hunks:
        lines.append(f"--- {a + file.old + style.stamp if file.old else '/dev/null'}")
        lines.append(f"+++ {b + file.new + style.stamp if file.new else '/dev/null'}")
    for hunk in file.hunks:
        lines.append(style.head(hunk))
        for sign, text in hunk.rows:
            if sign != "\\" or style.marks:
                lines.append(style.row(sign, text))
    return "".join(f"{line}\n" for line in lines)
