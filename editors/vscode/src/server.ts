/** Where the server's program is: the one the user named, or the extension's own, installed when it is not there. */

import * as vscode from "vscode";
import { findPython, install, isReady, programIn, wanted } from "./python.ts";

export async function serverCommand(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): Promise<{ command: string; args: string[] }> {
  const settings = vscode.workspace.getConfiguration("pointsman.server");
  const config = settings.get<string>("config", "");
  const command = settings.get<string>("path", "") || (await ownServer(context, settings.get<string>("python", ""), log));
  return { command, args: ["serve", ...(config === "" ? [] : ["--config", config])] };
}

/** Have the extension's own environment made anew at the next start. */
export async function forgetServer(context: vscode.ExtensionContext): Promise<void> {
  await vscode.workspace.fs.delete(environmentOf(context), { recursive: true }).then(undefined, () => undefined);
}

async function ownServer(context: vscode.ExtensionContext, python: string, log: vscode.LogOutputChannel): Promise<string> {
  const environment = environmentOf(context).fsPath;
  const what = wanted(context.extensionPath);
  if (!isReady(environment, what)) {
    const progress = { location: vscode.ProgressLocation.Notification, title: "Pointsman: installing its server" };
    await vscode.window.withProgress(progress, async () => {
      const found = await findPython(python);
      await install(environment, found, what, (line) => {
        log.info(line);
      }).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(
          `Pointsman's server could not be installed: ${why} The output has the rest. Mend it and run “Pointsman: ` +
            "Restart Server”, or name a program of yours in the setting pointsman.server.path.",
        );
      });
    });
  }
  return programIn(environment);
}

function environmentOf(context: vscode.ExtensionContext): vscode.Uri {
  return vscode.Uri.joinPath(context.globalStorageUri, "server");
}
