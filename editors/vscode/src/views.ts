/** What a task shows beside its edit: words as Markdown while they come, the plan in an editor, a proposal as a diff. */

import * as vscode from "vscode";
import { linked } from "./links.ts";
import { pageName, type Pages } from "./pages.ts";
import type { TaskEvent } from "./tasks.ts";

const STREAM_MS = 150;

/** One `pointsman/explain`; of a proposal it has the last three. */
export interface Words {
  title: string;
  markdown: string;
  task?: string;
  diff?: string;
  files?: { before: string | null; after: string | null; text: string | null }[] | null;
}

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
    const text = linked(markdown, vscode.env.remoteName !== undefined);
    await this.preview(this.pages.put(pagePath(task, title), `# ${title}\n\n${text}\n`), task === undefined);
  }

  /** A proposal, file by file; what it was made for may have changed too much for that, and then in the server's words. */
  async diff({ task = "", title, diff = "", files }: Words): Promise<void> {
    const sides = files?.map(({ before, after, text }) => {
      const original = before === null ? undefined : vscode.Uri.parse(before);
      const made = after === null ? undefined : this.pages.put(vscode.Uri.parse(after).path, text ?? "", task);
      return [made ?? original, original, made];
    });
    if (sides) {
      await vscode.commands.executeCommand("vscode.changes", title, sides);
      return;
    }
    const page = this.pages.put(`/diff/${task}/${pageName(title)}.diff`, diff);
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
}

function pagePath(task: string | undefined, title: string): string {
  return `/words/${task ?? "last"}/${pageName(title)}.md`;
}
