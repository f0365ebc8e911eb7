/** `models` tied to VS Code's own API. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { type Answered, type Asked, failure, passOn, pick, withoutSystem } from "./models.ts";

const WHY = "Pointsman was asked for an edit or an explanation, and its configuration names this model.";

export function answerWithEditorModels(client: LanguageClient): void {
  client.onRequest("pointsman/model/stream", async (asked: Asked, token: vscode.CancellationToken) => {
    try {
      return await answer(client, asked, token);
    } catch (error) {
      throw failure(error);
    }
  });
}

async function answer(client: LanguageClient, asked: Asked, token: vscode.CancellationToken): Promise<Answered> {
  const model = pick(await vscode.lm.selectChatModels(), asked.model);
  const messages = withoutSystem(asked.messages).map(({ role, content }) =>
    role === "user" ? vscode.LanguageModelChatMessage.User(content) : vscode.LanguageModelChatMessage.Assistant(content),
  );
  const response = await model.sendRequest(messages, { justification: WHY }, token);
  const send = (number: number, text: string) =>
    client.sendNotification("pointsman/model/delta", { stream: asked.stream, number, text });
  const pieces = await passOn(texts(response.stream), send, () => token.isCancellationRequested);
  const { id, version, vendor, family, name } = model;
  return { finish: "stop", pieces, model: { id, version, vendor, family, name } };
}

/** The text of each part; undefined for a call of a tool, which nobody offered. Other parts (thoughts) are no answer. */
async function* texts(parts: AsyncIterable<unknown>): AsyncIterable<string | undefined> {
  for await (const part of parts) {
    if (part instanceof vscode.LanguageModelTextPart) yield part.value;
    else if (part instanceof vscode.LanguageModelToolCallPart) yield undefined;
  }
}
