"""Why a reply is refused: every code the engine can answer with. `docs/patch-codes.md` says what each means.

The codes are part of the interface: the task loop counts them, `pointsman apply` prints them, people look them up.
"""

from enum import StrEnum


class Code(StrEnum):
    """See docs/patch-codes.md, which a test keeps complete."""

    # The reply's form
    NO_PATCH = "no_patch"
    TRUNCATED = "truncated"
    BAD_LINE = "bad_line"
    BAD_HEADER = "bad_header"
    NO_FILE_HEADER = "no_file_header"
    EMPTY_HUNK = "empty_hunk"
    TWO_READINGS = "two_readings"
    JSON = "json"
    SCHEMA = "schema"
    FORMAT = "format"
    QUESTION = "question"
    QUESTION_AND_PATCH = "question_and_patch"
    TOO_LARGE = "too_large"
    # What it wants to change
    PATH = "path"
    BINARY = "binary"
    UNSUPPORTED = "unsupported"
    NO_SUCH_FILE = "no_such_file"
    EXISTS = "exists"
    DELETE_MISMATCH = "delete_mismatch"
    # Where its hunks belong
    NO_MATCH = "no_match"
    AMBIGUOUS = "ambiguous"
    ALREADY_APPLIED = "already_applied"
    INSERT_WITHOUT_CONTEXT = "insert_without_context"
    INDENT = "indent"
    OVERLAP = "overlap"
    NO_CHANGE = "no_change"
    # Afterwards
    CONFLICT = "conflict"
    WHOLE_FILE = "whole_file"
    LICENSE_HEADER = "license_header"
    INTERNAL = "internal"
    # Of `pointsman apply --jsonl` alone
    INPUT = "input"


class Broken(Exception):
    """Ends the reading of a reply from deep inside of it; `contract.read` turns it into a Reject."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
