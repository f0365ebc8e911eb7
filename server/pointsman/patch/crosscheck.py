"""A second opinion on what was read: unidiff, which is strict, must read the same hunks from our rendering of them.

It cannot be the reader of model output, since it drops hunks of malformed diffs without a word. But rendered
canonically, a patch that we read rightly is one that it reads exactly.
"""

from collections.abc import Iterable

from pointsman.terms import FilePatch, Hunk, Patch, Reject


def contradiction(patch: Patch) -> Reject | None:
    """A Reject if unidiff does not read the same lines; None if the two agree."""
    from unidiff.errors import UnidiffParseError
    from unidiff.patch import PatchSet

    for file in patch.files:
        if not file.hunks:
            continue
        ours = [list(hunk.lines) for hunk in file.hunks]
        try:
            theirs = [
                [(line.line_type, line.value.removesuffix("\n")) for line in hunk if line.line_type in " -+"]
                for part in PatchSet(_render(file))
                for hunk in part
            ]
        except UnidiffParseError as error:
            return Reject(
                "internal", f"The patch for {file.path} cannot be verified: {error}. Send it again with plain lines."
            )
        if ours != theirs:
            return Reject("internal", f"The patch for {file.path} reads in two ways. Send it again with plain lines.")
    return None


def _render(file: FilePatch) -> str:
    return "--- a/file\n+++ b/file\n" + "".join(_hunks(file.hunks))


def _hunks(hunks: Iterable[Hunk]) -> Iterable[str]:
    at = 1
    for hunk in hunks:
        old = sum(sign != "+" for sign, _ in hunk.lines)
        new = sum(sign != "-" for sign, _ in hunk.lines)
        yield f"@@ -{at},{old} +{at},{new} @@\n"
        yield from (f"{sign}{words}\n" for sign, words in hunk.lines)
        at += max(old, new) + 1
