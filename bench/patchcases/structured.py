"""The same change as ApplyPatch: JSON, and the text with an envelope."""

import json
from collections.abc import Iterator
from random import Random

from patchcases.cases import Case
from patchcases.commits import Commit, File, Hunk
from patchcases.truth import ordered_ways


def groups(hunk: Hunk) -> Iterator[dict]:
    """One object for each run of changed lines, with the unchanged ones around it."""
    rows = [row for row in hunk.rows if row[0] != "\\"]
    runs: list[tuple[bool, list[tuple[str, str]]]] = []
    for row in rows:
        changed = row[0] != " "
        if not runs or runs[-1][0] != changed:
            runs.append((changed, []))
        runs[-1][1].append(row)
    line = hunk.start
    for number, (changed, part) in enumerate(runs):
        if changed:
            before = runs[number - 1][1] if number else []
            after = runs[number + 1][1] if number + 1 < len(runs) else []
            yield {
                "line": line - len(before),
                "anchor": hunk.heading,
                "before": [text for _, text in before],
                "delete": [text for sign, text in part if sign == "-"],
                "insert": [text for sign, text in part if sign == "+"],
                "after": [text for _, text in after],
            }
        line += sum(sign != "+" for sign, _ in part)


def entry(file: File, commit: Commit, hunks: list[dict]) -> dict:
    renamed = bool(file.old and file.new and file.old != file.new)
    operation = "create" if not file.old else "delete" if not file.new else "rename" if renamed else "modify"
    return {
        "path": file.old or file.new,
        "op": operation,
        "new_path": file.new if renamed else "",
        "content": commit.after[file.new] if operation == "create" else "",
        "hunks": hunks if operation in {"modify", "rename"} else [],
    }


def as_json(commit: Commit, change=lambda hunk: hunk) -> dict:  # noqa: ANN001 - of a hunk's object
    files = []
    for file in commit.files:
        hunks = [change(dict(group)) for hunk in file.hunks for group in groups(hunk)]
        files.append(entry(file, commit, hunks))
    return {"question": "", "files": files}


def weak(commit: Commit, data: dict) -> bool:
    for file in data["files"]:
        hunks = [
            Hunk(
                h["line"],
                0,
                "",
                [
                    *((" ", t) for t in h["before"]),
                    *(("-", t) for t in h["delete"]),
                    *(("+", t) for t in h["insert"]),
                    *((" ", t) for t in h["after"]),
                ],
            )
            for h in file["hunks"]
        ]
        if hunks and ordered_ways(hunks, commit.before[file["path"]]) != 1:
            return True
    return False


def cases(commit: Commit, random: Random) -> Iterator[Case]:
    marks = any(sign == "\\" for file in commit.files for hunk in file.hunks for sign, _ in hunk.rows)
    data = as_json(commit)
    if marks:
        return
    unsure = "either" if weak(commit, data) else "apply"

    def made(kind: str, reply: str, expect: str) -> Case:
        return Case(f"json/{kind}", commit.before, reply, commit.after, expect, format="applypatch", name=commit.name)

    yield made("plain", json.dumps(data), unsure)
    yield made("fenced", f"Here:\n\n```json\n{json.dumps(data, indent=1)}\n```\n", unsure)
    yield made("no_line", json.dumps(as_json(commit, lambda hunk: {**hunk, "line": 0})), unsure)
    off = random.choice((-9, -1, 1, 2, 30))
    yield made(
        "line_off", json.dumps(as_json(commit, lambda hunk: {**hunk, "line": max(0, hunk["line"] + off)})), unsure
    )
    text = json.dumps(data)
    yield made("cut", text[: random.randrange(len(text) // 2, len(text) - 1)], "reject")
    yield made("unknown_key", json.dumps({**data, "why": "because"}), "reject")
    yield made("two_minds", json.dumps({**data, "question": "Really?"}), "reject")
    yield made(
        "bad_context",
        json.dumps(as_json(commit, lambda hunk: {**hunk, "before": [*hunk["before"], "no such line"]})),
        "either" if any(not f["hunks"] for f in data["files"]) else "reject",
    )
    if any(file.old is None and not (commit.after[file.new] or "\n").endswith("\n") for file in commit.files):
        return
    reply = envelope(data)
    expect = "either" if weak(commit, data) or not envelope_fits(commit) else "apply"
    yield Case("envelope/plain", commit.before, reply, commit.after, expect, format="applypatch", name=commit.name)
    yield Case(
        "envelope/cut",
        commit.before,
        reply[: reply.rfind("\n", 0, len(reply) - 18)] + "\n",
        None,
        "reject",
        name=commit.name,
    )
    yield Case(
        "envelope/heredoc",
        commit.before,
        f"```\napply_patch <<'EOF'\n{reply}EOF\n```\n",
        commit.after,
        expect,
        name=commit.name,
    )


def envelope_fits(commit: Commit) -> bool:
    """Whether the text form can say it: final line ends cannot be said, nor CRs."""
    texts = [*commit.before.values(), *(text for text in commit.after.values() if text is not None)]
    return all(text.endswith("\n") and "\r" not in text for text in texts)


def envelope(data: dict) -> str:
    lines = ["*** Begin Patch"]
    for file in data["files"]:
        if file["op"] == "create":
            lines += [
                f"*** Add File: {file['path']}",
                *(f"+{line}" for line in (file["content"] or "").split("\n")[:-1]),
            ]
        elif file["op"] == "delete":
            lines.append(f"*** Delete File: {file['path']}")
        else:
            lines.append(f"*** Update File: {file['path']}")
            lines += [f"*** Move to: {file['new_path']}"] if file["new_path"] else []
            for hunk in file["hunks"]:
                lines.append("@@")
                for name, sign in {"before": " ", "delete": "-", "insert": "+", "after": " "}.items():
                    lines += [sign + text for text in hunk[name]]
    return "\n".join([*lines, "*** End Patch"]) + "\n"
