/** What a task shows beside its edit: words as Markdown while they come, the plan in an editor, a proposal as a diff. */

import * as vscode from "vscode";
import { applyHunks, type FileDiff, readDiff } from "./diff.ts";
import { pageName, type Pages } from "./pages.ts";
import type { Proposal, TaskEvent } from "./tasks.ts";

const STREAM_MS = 150;

export class Views {
  private readonly streams = new Map<string, { title: string; text: string; shown: number }>();
  /** What each plan was made for, by the path of its page. */
  readonly plans = new Map<string, { task: string; uri: string; title: string; waits: boolean }>();
  private readonly pages: Pages;

  constructor(pages: Pages) {
    this.pages = pages;
  }

  /** Show words while they are written; `uri` is the document that the task is about. */
  async take(event: TaskEvent, title: string, uri: string): Promise<void> {
    if (event.event === "wrote") await this.stream(event.task, title, event.text ?? "");
    else if (event.event === "planned") await this.plan(event, title, uri);
  }

  /** The words of a task that has ended. */
  async words(title: string, markdown: string): Promise<void> {
    const task = [...this.streams].find(([, stream]) => stream.title === title)?.[0];
    if (task !== undefined) this.streams.delete(task);
    await this.preview(this.pages.put(pagePath(task, title), `# ${title}\n\n${markdown}\n`), task === undefined);
  }

  /** A git diff as the server made it against the buffers as they are. */
  async diff(proposal: Pick<Proposal, "task" | "title" | "diff">): Promise<void> {
    const files = readDiff(proposal.diff);
    const whole = files.length === proposal.diff.split(/^diff --git /m).length - 1;
    const sides = whole ? await Promise.all(files.map((file) => this.sides(proposal, file))) : [undefined];
    if (sides.every((side) => side !== undefined)) {
      await vscode.commands.executeCommand("vscode.changes", proposal.title, sides);
      return;
    }
    // what the proposal was made for has changed since, so that only its own words can be shown
    const page = this.pages.put(`/diff/${proposal.task}/${pageName(proposal.title)}.diff`, proposal.diff);
    await vscode.window.showTextDocument(page, { preview: true });
  }

  private async stream(task: string, title: string, text: string): Promise<void> {
    const known = this.streams.get(task);
    const stream = known ?? { title, text: "", shown: 0 };
    stream.text += text;
    this.streams.set(task, stream);
    if (Date.now() - stream.shown < STREAM_MS) return;
    stream.shown = Date.now();
    await this.preview(this.pages.put(pagePath(task, title), `# ${title}\n\n${stream.text}\n`), !known);
  }

  private async preview(page: vscode.Uri, open: boolean): Promise<void> {
    if (open) await vscode.commands.executeCommand("markdown.showPreviewToSide", page);
  }

  private async plan({ task, text = "", waits = false }: TaskEvent, title: string, uri: string): Promise<void> {
    const page = this.pages.put(`/plan/${task}/${pageName(title.startsWith("Plan") ? title : `Plan - ${title}`)}.md`, text);
    this.plans.set(page.path, { task, uri, title, waits });
    const document = await vscode.workspace.openTextDocument(page);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
  }

  private async sides(
    proposal: { task: string },
    { before, after, hunks }: FileDiff,
  ): Promise<[vscode.Uri, vscode.Uri | undefined, vscode.Uri | undefined] | undefined> {
    const original = before === undefined ? undefined : await findFile(before);
    if (before !== undefined && !original) return undefined;
    const old = original ? (await vscode.workspace.openTextDocument(original)).getText() : "";
    const fresh = applyHunks(old, hunks);
    if (fresh === undefined) return undefined;
    const folder = original ? original.path.slice(0, -(before ?? "").length) : `${rootPath()}/`;
    const made = after === undefined ? undefined : this.pages.put(folder + after, fresh, proposal.task);
    const label = made ?? original;
    return label && [label, original, made];
  }
}

function pagePath(task: string | undefined, title: string): string {
  return `/words/${task ?? "last"}/${pageName(title)}.md`;
}

/** Where new files are said to be. */
function rootPath(): string {
  return vscode.workspace.workspaceFolders?.[0]?.uri.path ?? "";
}

/** A path of a diff in the folders that are open; the first that has it. */
async function findFile(path: string): Promise<vscode.Uri | undefined> {
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const file = vscode.Uri.joinPath(uri, path);
    if (await vscode.workspace.fs.stat(file).then(() => true, () => false)) return file;
  }
  return undefined;
}
