/** The commands `pointsman.ui.*`: what the user asks for by name. The server's own commands are registered by the client. */

import * as vscode from "vscode";
import type { Proposal } from "./tasks.ts";
import type { Session } from "./session.ts";
import { inWords } from "./tasks.ts";

type Execute = (command: string, argument: object) => Promise<Record<string, unknown> | undefined>;
const PROBLEMS = 5;

export function commands(session: Session): Record<string, () => unknown> {
  const execute: Execute = (command, argument) => session.execute(command, argument);
  const onProposal = (run: (proposal: Proposal) => unknown) => async () => {
    const proposal = await pickProposal(session);
    if (proposal) await run(proposal);
  };
  return {
    fix: () => fix(execute),
    refactor: () => instruct(execute, "pointsman.refactor", "Change it how?", { intent: "rewrite" }),
    plan: () => place(execute, "pointsman.plan"),
    explain: () => place(execute, "pointsman.explain"),
    lookup: () => instruct(execute, "pointsman.lookup", "Look up what?"),
    check: () => place(execute, "pointsman.runChecks"),
    cancel: () => execute("pointsman.cancel", {}),
    apply: onProposal(({ task }) => execute("pointsman.apply", { task })),
    diff: onProposal(({ task }) => execute("pointsman.showDiff", { task })),
    discard: onProposal(async ({ task }) => {
      await execute("pointsman.discard", { task });
      session.dropped(task);
    }),
    revert: () => execute("pointsman.revert", {}),
    continue: onProposal(({ task }) => execute("pointsman.continue", { task })),
    carryOut: () => carryOut(session),
    status: () => status(session),
    output: () => {
      session.log.show();
    },
    restart: () => session.restart(),
    reinstall: () => session.reinstall(),
    config: openConfig,
  };
}

/** A command about the place of the cursor, or the selection. */
async function place(execute: Execute, command: string, more: object = {}): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor) await execute(command, { uri: editor.document.uri.toString(), range: plain(editor.selection), ...more });
  else void vscode.window.showInformationMessage("Pointsman: open a file first.");
}

async function instruct(execute: Execute, command: string, prompt: string, more: object = {}): Promise<void> {
  const instruction = await vscode.window.showInputBox({ title: "Pointsman", prompt, ignoreFocusOut: true });
  if (instruction) await place(execute, command, { instruction, ...more });
}

async function fix(execute: Execute): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return;
  const lines = new vscode.Range(editor.selection.start.line, 0, editor.selection.end.line, Number.MAX_SAFE_INTEGER);
  const found = vscode.languages.getDiagnostics(editor.document.uri).filter(({ range }) => range.intersection(lines));
  if (found.length === 0) {
    void vscode.window.showInformationMessage("Pointsman: no problem is known on this line.");
    return;
  }
  const problems = found.slice(0, PROBLEMS).map(({ source, message, range }) => {
    return { tool: source ?? "", message: message.slice(0, 2000), line: range.start.line + 1 };
  });
  await place(execute, "pointsman.fix", { problems });
}

/** Carry out the plan as it stands now: the task goes on with it, or what carries out an older one is stopped. */
async function carryOut(session: Session): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const plan = editor && session.views.plans.get(editor.document.uri.path);
  if (!plan) return;
  const working = session.tasks.working.has(plan.task);
  if (working && plan.waits) {
    plan.waits = false;
    await session.execute("pointsman.carryOut", { task: plan.task, plan: editor.document.getText() });
    return;
  }
  if (working) await session.execute("pointsman.cancel", { run: plan.task });
  const uri = vscode.Uri.parse(plan.uri);
  const target = await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One });
  const instruction = `Carry out this plan:\n\n${editor.document.getText()}`;
  const range = plain(new vscode.Range(0, 0, target.document.lineCount, 0));
  await session.execute("pointsman.refactor", { uri: plan.uri, range, intent: "rewrite", title: plan.title, instruction });
}

async function status(session: Session): Promise<void> {
  type Item = vscode.QuickPickItem & { run?: () => unknown };
  const working = [...session.tasks.working].map(([task, { title, route, state }]): Item => {
    const run = () => session.execute("pointsman.cancel", { run: task });
    return { label: `$(sync~spin) ${title}`, description: `${route} · ${state}`, detail: "Pick it to cancel it", run };
  });
  const proposed = [...session.tasks.proposals.values()].map((proposal): Item => {
    const run = () => session.execute("pointsman.showDiff", { task: proposal.task });
    return { label: `$(git-pull-request) ${proposal.title}`, description: proposal.reason, detail: "Pick it to see it", run };
  });
  const trust = () => vscode.commands.executeCommand("workbench.trust.manage");
  const restricted = session.restricted;
  const items: Item[] = [
    ...(restricted === "" ? [] : [{ label: `$(shield) ${restricted}`, detail: "Pick it to manage trust", run: trust }]),
    { label: `$(pulse) ${session.state}`, description: inWords(session.tasks.tally) },
    ...working,
    ...proposed,
    { label: "$(gear) Open configuration", run: openConfig },
    { label: "$(output) Show output", run: () => { session.log.show(); } },
    { label: "$(debug-restart) Restart server", run: () => session.restart() },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: "Pointsman", matchOnDescription: true });
  await picked?.run?.();
}

async function pickProposal(session: Session): Promise<Proposal | undefined> {
  const all = [...session.tasks.proposals.values()];
  if (all.length === 0) void vscode.window.showInformationMessage("Pointsman: nothing is proposed.");
  if (all.length < 2) return all[0];
  const items = all.map((proposal) => ({ label: proposal.title, description: proposal.reason, proposal }));
  return (await vscode.window.showQuickPick(items, { title: "Pointsman: which proposal?" }))?.proposal;
}

/** The user's config file where the server looks for it; a draft of one where there is none. */
async function openConfig(): Promise<void> {
  const { configFile, DRAFT } = await import("./config.ts");
  const named = vscode.workspace.getConfiguration("pointsman.server").get<string>("config", "");
  const uri = vscode.Uri.file(named || configFile(process.platform, process.env));
  const exists = await vscode.workspace.fs.stat(uri).then(() => true, () => false);
  if (!exists) await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(DRAFT));
  await vscode.window.showTextDocument(uri);
}

function plain({ start, end }: vscode.Range): object {
  const at = ({ line, character }: vscode.Position) => ({ line, character });
  return { start: at(start), end: at(end) };
}
