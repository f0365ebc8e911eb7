"""Holds what a server says against the protocol: its shape, by lsprotocol, and whether this client can take it.

The second is for pytest-lsp's checks, whose warnings count as errors here, and for a few more. pytest-lsp's own client
is not used: it answers as the protocol says, and our editors do what real ones do.
"""

import warnings
from collections.abc import Mapping
from typing import Any

from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.capabilities import get_capability
from pytest_lsp.checks import check_params_against_client_capabilities, check_result_against_client_capabilities

from pointsman.lsp.messages import converter

NEEDS = {
    types.WINDOW_SHOW_DOCUMENT: "window.show_document.support",
    types.WORKSPACE_CONFIGURATION: "workspace.configuration",
    types.WINDOW_WORK_DONE_PROGRESS_CREATE: "window.work_done_progress",
}
"""What a client must have announced before it may be asked. Kate takes edits without a word of it, so they are sent."""


class Spec:
    """One client's view; `broken` says what was wrong with what it was sent."""

    def __init__(self, capabilities: Mapping[str, Any]) -> None:
        # recorded clients have values that lsprotocol does not know
        self._capabilities = converter().structure(capabilities, types.ClientCapabilities)
        self._converter = get_converter()
        self._asked: dict[Any, str] = {}
        self.broken: list[str] = []

    def asked(self, number: Any, method: str) -> None:
        """The client sent a request."""
        self._asked[number] = method

    def told(self, message: Mapping[str, Any]) -> None:
        """The server sent a message."""
        method = message.get("method") or self._asked.get(message.get("id"), "")
        if method not in types.METHOD_TO_TYPES or "error" in message:
            return  # one of our own, or a refusal
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                self._look(method, message)
            except Exception as error:  # noqa: BLE001 - whatever it is, a test is to say it
                self.broken.append(f"{method}: {error!r}")

    def _look(self, method: str, message: Mapping[str, Any]) -> None:
        request, response, *_ = types.METHOD_TO_TYPES[method]
        if "method" in message:
            if need := NEEDS.get(method):
                assert get_capability(self._capabilities, need, False), f"this client has no {need}"
            params = self._converter.structure(message, request).params
            check_params_against_client_capabilities(self._capabilities, method, params)
        elif method == types.TEXT_DOCUMENT_CODE_ACTION:  # whose command makes lsprotocol take it for one
            for action in message["result"] or ():
                self._converter.structure(action, types.CodeAction)
        else:
            result = self._converter.structure(message, response).result
            check_result_against_client_capabilities(self._capabilities, method, result)
