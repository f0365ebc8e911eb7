// What stands beside the folder in beside.json: `server`, the command line of another language server, and `reply`, what
// the model of this extension answers, in pieces; `cut` makes its stream fail after them.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/node";

const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
const file = join(folder, "..", "beside.json");
const { server, reply = [], cut } = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};

const information = {
  id: "coder-1",
  name: "Coder",
  family: "coder",
  version: "2025",
  maxInputTokens: 100000,
  maxOutputTokens: 100000,
  capabilities: {},
};

const provider = {
  onDidChangeLanguageModelChatInformation: new vscode.EventEmitter<void>().event,
  provideLanguageModelChatInformation: () => [information],
  provideTokenCount: () => 1,
  async provideLanguageModelChatResponse(_model: unknown, _messages: unknown, _options: unknown, progress: any) {
    for (const piece of reply) progress.report(new vscode.LanguageModelTextPart(piece));
    if (cut) throw new Error("the line was cut");
  },
};

export async function activate(context: vscode.ExtensionContext) {
  context.subscriptions.push((vscode.lm as any).registerLanguageModelChatProvider("scripted", provider));
  if (!server) return;
  const [command, ...args] = server;
  const client = new LanguageClient("beside", "Beside", { command, args }, { documentSelector: [{ scheme: "file" }] });
  await client.start();
  context.subscriptions.push({ dispose: () => client.stop() });
}
