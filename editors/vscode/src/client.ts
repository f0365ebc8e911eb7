/** The server as this editor's client: what it is told of the editor, of its settings, and of trust. */

import * as vscode from "vscode";
import { type ClientCapabilities, LanguageClient, type LanguageClientOptions } from "vscode-languageclient/node";

type Settings = Record<string, unknown>;

export function makeClient(
  server: { command: string; args: string[] },
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): LanguageClient {
  const names = settingNames(context);
  const options: LanguageClientOptions = {
    documentSelector: [{ scheme: "file" }, { scheme: "untitled" }],
    outputChannel: log,
    middleware: {
      workspace: {
        configuration: ({ items }) => items.map(() => settings(names)),
      },
    },
  };
  const client = new LanguageClient("pointsman", "Pointsman", server, options);
  client.registerFeature({
    fillClientCapabilities(capabilities: ClientCapabilities) {
      const pointsman = { events: true, explain: true, models: true, input: true, plan: true };
      capabilities.experimental = { ...(capabilities.experimental as object | undefined), pointsman };
    },
    initialize: () => undefined,
    getState: () => ({ kind: "static" }),
    clear: () => undefined,
  });
  return client;
}

/** The settings of the server itself, all of them generated from its schema. */
function settingNames(context: vscode.ExtensionContext): string[] {
  const { contributes } = context.extension.packageJSON as {
    contributes: { configuration: { properties: Settings }[] };
  };
  const all = contributes.configuration.flatMap(({ properties }) => Object.keys(properties));
  return all.filter((name) => !/^pointsman\.(server|trace)\./.test(name)).map((name) => name.slice("pointsman.".length));
}

/**
 * What the user or the workspace has set. The defaults that the editor shows are left out: they are for the server's
 * own config file to decide. Without trust in the workspace none of its code runs, and nothing is applied unasked.
 */
function settings(names: string[]): Settings {
  const found: Settings = {};
  const configuration = vscode.workspace.getConfiguration("pointsman");
  for (const name of names) {
    const at = configuration.inspect(name);
    const value = at?.workspaceFolderValue ?? at?.workspaceValue ?? at?.globalValue;
    if (value !== undefined) put(found, name.split("."), value);
  }
  if (!vscode.workspace.isTrusted) {
    put(found, ["checks", "enabled"], false);
    if (found["apply"] !== "never") found["apply"] = "ask";
  }
  return found;
}

function put(into: Settings, [name = "", ...rest]: string[], value: unknown): void {
  if (rest.length === 0) into[name] = value;
  else put((into[name] ??= {}) as Settings, rest, value);
}
