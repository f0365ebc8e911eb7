"""What this client can do: read once from its capabilities, with what is known of it where these do not tell.

Every part of the capabilities may be missing, at every depth. Below, a fact is what Pointsman decides by; that a
client claims `applied` truly, or honours annotations, is never one (see `editor`).
"""

from dataclasses import dataclass
from typing import Any

from lsprotocol import types as lsp

from pointsman.lsp.names import SYMBOLS
from pointsman.text import Encoding

PREVIEWERS = ("visual studio code", "code - oss", "code-server", "vscodium", "cursor", "windsurf")


@dataclass(frozen=True, slots=True)
class Client:
    """Facts about a client; the defaults are those of one that said nothing."""

    name: str = ""
    version: str = ""
    document_changes: bool = False
    resource_operations: bool = False
    work_done_progress: bool = False
    show_message_request: bool = False
    show_document: bool = False
    configuration: bool = False
    dynamic_configuration: bool = False
    llm_tag: bool = False
    related_information: bool = False
    zero_is_no_version: bool = False
    """Version 0 of a document is taken for none, and an edit of it for one that fits always."""
    first_version_only: bool = False
    """Of an edit of several files, only the first one's version is compared."""
    previews: bool = False
    """An edit that asks for confirmation is shown first. Neovim and Helix announce that and apply it unasked."""
    events: bool = False
    explain: bool = False
    models: bool = False
    """It has language models of its own, and answers `pointsman/model/stream`."""
    input: bool = False
    """It asks its user for words where a `question` event says so."""
    plan: bool = False
    """It shows a plan that waits, from the `planned` event, and answers by `pointsman.carryOut`."""

    symbols: frozenset[str] = frozenset()
    """Of the methods in `names.SYMBOLS`, those it can be told of while it runs."""
    nested_symbols: bool = False


def read_client(params: lsp.InitializeParams) -> Client:
    caps = params.capabilities
    edit = _at(caps, "workspace.workspace_edit")
    operations = {str(getattr(kind, "value", kind)) for kind in _at(edit, "resource_operations") or ()}
    ours = _at(caps, "experimental.pointsman")
    return Client(
        name=params.client_info.name if params.client_info else "",
        version=(params.client_info.version or "") if params.client_info else "",
        # Neovim does not claim documentChanges, and handles them, versions included.
        document_changes=bool(_at(edit, "document_changes") or operations),
        resource_operations={"create", "rename", "delete"} <= operations,
        work_done_progress=bool(_at(caps, "window.work_done_progress")),
        # Eglot asks its user without announcing that it can; Helix 25.01 and Kate announce nothing and refuse.
        show_message_request=_at(caps, "window.show_message") is not None or _named(params, "eglot"),
        show_document=bool(_at(caps, "window.show_document.support")),
        configuration=bool(_at(caps, "workspace.configuration")),
        dynamic_configuration=bool(_at(caps, "workspace.did_change_configuration.dynamic_registration")),
        related_information=bool(_at(caps, "text_document.publish_diagnostics.related_information")),
        llm_tag=lsp.CodeActionTag.LlmGenerated in (_at(caps, "text_document.code_action.tag_support.value_set") or ()),
        zero_is_no_version=_named(params, "neovim"),
        first_version_only=_named(params, "neovim"),
        previews=bool(_at(edit, "change_annotation_support")) and _named(params, *PREVIEWERS),
        events=bool(_at(ours, "events")),
        explain=bool(_at(ours, "explain")),
        models=bool(_at(ours, "models")),
        input=bool(_at(ours, "input")),
        plan=bool(_at(ours, "plan") and _at(ours, "events")),
        symbols=frozenset(method for method, path in SYMBOLS.items() if _at(caps, f"{path}.dynamic_registration")),
        nested_symbols=bool(_at(caps, "text_document.document_symbol.hierarchical_document_symbol_support")),
    )


def choose_encoding(capabilities: lsp.ClientCapabilities) -> Encoding:
    """The first of the client's encodings that we know; UTF-16 where it names none, as the protocol says."""
    for offered in _at(capabilities, "general.position_encodings") or ():
        value = str(getattr(offered, "value", offered))
        if value in set(Encoding):
            return Encoding(value)
    return Encoding.UTF16


def _named(params: lsp.InitializeParams, *names: str) -> bool:
    return bool(params.client_info) and params.client_info.name.casefold() in names  # type: ignore[union-attr]


def _at(value: Any, path: str) -> Any:
    """The part of nested objects or mappings at a dotted path; None where it ends early."""
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else getattr(value, name, None)
        if value is None:
            return None
    return value
