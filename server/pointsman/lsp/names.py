"""The names that make up Pointsman's side of the protocol."""

FIX = "pointsman.fix"
REFACTOR = "pointsman.refactor"
EXPLAIN = "pointsman.explain"
LOOKUP = "pointsman.lookup"
PLAN = "pointsman.plan"
APPLY = "pointsman.apply"
DISCARD = "pointsman.discard"
CONTINUE = "pointsman.continue"
SHOW_DIFF = "pointsman.showDiff"
REVERT = "pointsman.revert"
ANSWER = "pointsman.answer"
CARRY_OUT = "pointsman.carryOut"
CANCEL = "pointsman.cancel"
ALLOW_CHECKS = "pointsman.allowChecks"
RUN_CHECKS = "pointsman.runChecks"

COMMANDS = (
    FIX,
    REFACTOR,
    EXPLAIN,
    LOOKUP,
    PLAN,
    APPLY,
    DISCARD,
    CONTINUE,
    SHOW_DIFF,
    REVERT,
    ANSWER,
    CARRY_OUT,
    CANCEL,
    ALLOW_CHECKS,
    RUN_CHECKS,
)
"""All of them are announced in the answer to `initialize`: Neovim and Zed drop actions whose command is not."""

KINDS = ("quickfix", "refactor.rewrite.pointsman", "refactor.extract.pointsman", "pointsman.explain")

EVENT = "pointsman/event"
"""Notification to clients that declare `experimental.pointsman.events`: one event of a task, as `--json` prints it."""

DIAGNOSTICS = "pointsman/diagnostics"
"""Notification from clients that keep other servers' diagnostics to themselves otherwise (see `foreign`)."""

SHOW = "pointsman/explain"
"""Notification to clients that declare `experimental.pointsman.explain`: words to show, `{title, markdown, uri}`."""

MODEL_STREAM = "pointsman/model/stream"
"""Request to clients that declare `experimental.pointsman.models`: have one of the editor's own models answer."""

MODEL_DELTA = "pointsman/model/delta"
"""Notification from them: `{stream, number, text, reasoning}`, a piece of that answer."""

SYMBOLS = {
    "workspace/symbol": "workspace.symbol",
    "textDocument/documentSymbol": "text_document.document_symbol",
    "textDocument/definition": "text_document.definition",
}
"""What the index answers where the setting `symbols` is on, and where a client says what it can do with it."""
