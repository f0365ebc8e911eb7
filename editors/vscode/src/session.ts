/** One window's server and what is known of its work; it is started, restarted, and reports to the status bar. */

import * as vscode from "vscode";
import { type LanguageClient, State } from "vscode-languageclient/node";
import { makeClient } from "./client.ts";
import { answerWithEditorModels } from "./editorModels.ts";
import { Pages, SCHEME } from "./pages.ts";
import { forgetServer, serverCommand } from "./server.ts";
import { cost, inWords, type Tally, type TaskEvent, Tasks } from "./tasks.ts";
import { Views, type Words } from "./views.ts";

const TALLY = "tally";

export class Session implements vscode.Disposable {
  readonly log = vscode.window.createOutputChannel("Pointsman", { log: true });
  readonly tasks: Tasks;
  readonly views: Views;
  private readonly context: vscode.ExtensionContext;
  private readonly item = vscode.window.createStatusBarItem("pointsman.status", vscode.StatusBarAlignment.Right, 90);
  private readonly uris = new Map<string, string>();
  private readonly pages = new Pages();
  private readonly provider = vscode.workspace.registerFileSystemProvider(SCHEME, this.pages, { isCaseSensitive: true });
  private client: LanguageClient | undefined;
  private trouble = "";

  constructor(context: vscode.ExtensionContext) {
    this.context = context;
    this.tasks = new Tasks(() => new Date().toDateString(), context.globalState.get<Tally>(TALLY));
    this.views = new Views(this.pages);
    this.item.name = "Pointsman";
    this.item.command = "pointsman.ui.status";
    this.item.show();
    this.show();
  }

  /** What is off without trust; empty where the workspace is trusted. */
  get restricted(): string {
    return vscode.workspace.isTrusted ? "" : "Restricted Mode: no check runs, and edits are only proposed";
  }

  /** What the server does, in a few words. */
  get state(): string {
    if (this.trouble !== "") return "not running";
    const newest = this.tasks.newest;
    if (newest) return [newest.route, newest.state].filter((part) => part !== "").join(" · ");
    return this.client?.state === State.Running ? "ready" : "starting";
  }

  async start(): Promise<void> {
    this.trouble = "";
    this.show();
    try {
      const client = makeClient(await serverCommand(this.context, this.log), this.context, this.log);
      this.client = client;
      client.onDidChangeState(({ newState }) => {
        if (newState !== State.Running) this.tasks.forget(); // the next server tells what died with it
        this.show();
      });
      client.onNotification("pointsman/event", (event: TaskEvent) => this.take(event));
      client.onNotification("pointsman/explain", (words: Words) => this.explain(words));
      answerWithEditorModels(client);
      await client.start();
    } catch (error) {
      await this.fail(error instanceof Error ? error.message : String(error));
    }
    this.show();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async reinstall(): Promise<void> {
    await this.stop();
    await forgetServer(this.context);
    await this.start();
  }

  /** One of the server's commands; it is acknowledged at once, and says itself to the user what is wrong. */
  async execute(command: string, argument: object): Promise<Record<string, unknown> | undefined> {
    if (this.client?.state !== State.Running) {
      void vscode.window.showWarningMessage(`Pointsman is ${this.state}. ${this.trouble}`);
      return undefined;
    }
    const params = { command, arguments: [argument] };
    const answer = await this.client.sendRequest<Record<string, unknown> | null>("workspace/executeCommand", params);
    const run = answer?.["run"];
    if (typeof run === "string" && "uri" in argument) this.uris.set(run, String(argument.uri));
    return answer ?? undefined;
  }

  dropped(task: string): void {
    void this.take({ task, event: "discarded" });
  }

  /** The settings are told anew: trust decides over some of them. */
  async tellSettings(): Promise<void> {
    this.show();
    await this.client?.sendNotification("workspace/didChangeConfiguration", { settings: null });
  }

  async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.tasks.forget();
    await client?.dispose().catch(() => undefined); // it may have been killed before
  }

  dispose(): void {
    vscode.Disposable.from(this.item, this.log, this.provider).dispose();
  }

  /** Words from the server. A plan came as an event already, and is in an editor. */
  private async explain(words: Words): Promise<void> {
    if (words.diff !== undefined) await this.views.diff(words);
    else if (!words.title.startsWith("Plan: ")) await this.views.words(words.title, words.markdown);
  }

  private async take(event: TaskEvent): Promise<void> {
    const working = this.tasks.working.get(event.task);
    this.tasks.take(event);
    this.show();
    const { task } = event;
    if (working && (working.words || event.event === "planned")) {
      await this.views.take(event, working.title, this.uris.get(task) ?? "");
    }
    if (event.event === "asked") await this.ask(task, event.question?.text ?? "");
    if (this.tasks.working.get(task) === undefined) await this.context.globalState.update(TALLY, this.tasks.tally);
  }

  /** The model's question. No answer stops the task, as the server says. */
  private async ask(task: string, prompt: string): Promise<void> {
    const answer = await vscode.window.showInputBox({ title: "The model asks", prompt, ignoreFocusOut: true });
    await this.execute("pointsman.answer", answer ? { task, answer } : { task });
  }

  private async fail(message: string): Promise<void> {
    this.trouble = message;
    this.log.error(message);
    this.show();
    const retry = "Try again";
    const picked = await vscode.window.showErrorMessage(message, retry, "Show output");
    if (picked === retry) await this.restart();
    else if (picked) this.log.show();
  }

  private show(): void {
    const busy = this.tasks.newest !== undefined;
    const icon = this.trouble !== "" ? "error" : busy ? "sync~spin" : "git-compare";
    const waiting = this.tasks.proposals.size;
    const spent = cost(this.tasks.tally);
    const parts = [
      "Pointsman",
      this.restricted === "" ? "" : "restricted",
      this.state === "ready" ? "" : this.state,
      waiting > 0 ? `${waiting} proposed` : "",
      spent === "" ? "" : `${spent} today`,
    ];
    this.item.text = `$(${icon}) ${parts.filter((part) => part !== "").join(" · ")}`;
    const lines = [this.restricted, this.trouble || this.state, inWords(this.tasks.tally), "Click for details"];
    this.item.tooltip = lines.filter((line) => line !== "").join("\n");
    this.item.backgroundColor =
      this.trouble === "" ? undefined : new vscode.ThemeColor("statusBarItem.errorBackground");
  }
}
