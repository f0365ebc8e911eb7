"""A very small language server, to try the harness itself with: it offers to turn TODO into DONE, by a command.

`python standin.py ask` wants the user's consent first, as a server that would run something does.
"""

import sys

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("stand-in", "1")


@server.feature(types.TEXT_DOCUMENT_DID_OPEN)
def did_open(params: types.DidOpenTextDocumentParams) -> None:
    diagnostic = types.Diagnostic(_todo(params.text_document.uri), "a TODO is left", source="stand-in")
    server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(params.text_document.uri, [diagnostic]))


@server.feature(types.TEXT_DOCUMENT_CODE_ACTION)
def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
    def action(title: str) -> types.CodeAction:
        command = types.Command(title, "standin.fix", arguments=[params.text_document.uri])
        return types.CodeAction(title, kind=types.CodeActionKind.QuickFix, command=command)

    return [action("Do nothing"), action("Fix the TODO")]


@server.command("standin.fix")
async def fix(uri: str) -> None:
    if "ask" in sys.argv:
        wanted = types.ShowMessageRequestParams(
            types.MessageType.Info, "May it?", [types.MessageActionItem("No"), types.MessageActionItem("Yes, it may")]
        )
        answer = await server.window_show_message_request_async(wanted)
        if answer is None or answer.title != "Yes, it may":
            return
    edit = types.TextEdit(_todo(uri), "DONE")
    document = types.OptionalVersionedTextDocumentIdentifier(uri, server.workspace.get_text_document(uri).version)
    change = types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, [edit])])
    await server.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(change))


def _todo(uri: str) -> types.Range:
    document = server.workspace.get_text_document(uri)
    line = next(number for number, text in enumerate(document.lines) if "TODO" in text)
    start = document.lines[line].index("TODO")
    found = types.Range(types.Position(line, start), types.Position(line, start + 4))
    return document.position_codec.range_to_client_units(document.lines, found)


if __name__ == "__main__":
    server.start_io()
