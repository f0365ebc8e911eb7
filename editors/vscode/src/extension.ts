/** Where the extension begins and ends. All behaviour is in the server; this side shows, asks and starts it. */

import * as vscode from "vscode";
import { commands } from "./commands.ts";
import { Session } from "./session.ts";

let session: Session | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const made = new Session(context);
  session = made;
  context.subscriptions.push(
    made,
    ...Object.entries(commands(made)).map(([name, run]) => vscode.commands.registerCommand(`pointsman.ui.${name}`, run)),
    vscode.workspace.onDidGrantWorkspaceTrust(() => made.tellSettings()),
    vscode.workspace.onDidChangeConfiguration((change) =>
      change.affectsConfiguration("pointsman.server") ? made.restart() : undefined,
    ),
  );
  void made.start(); // it may install the server first: nothing else of the editor waits for that
}

export function deactivate(): Promise<void> | undefined {
  return session?.stop();
}
