/** The provider `vscode-lm`: the server asks, one of the editor's own language models answers. See docs/protocol.md. */

import { ResponseError } from "vscode-jsonrpc/node";

export interface Asked {
  stream: string;
  model: string;
  messages: { role: "system" | "user" | "assistant"; content: string }[];
}

/** What is used of `vscode.LanguageModelChat`. */
export interface Named {
  id: string;
  version: string;
  vendor: string;
  family: string;
  name: string;
}

export interface Answered {
  finish: "stop";
  pieces: number;
  model: Named;
}

interface Failure {
  code?: string;
  models?: string[];
}

const REQUEST_FAILED = -32803;

/** The one model that a user's words name, by the most exact form that fits; never another in its place. */
export function pick<Model extends Named>(models: readonly Model[], wanted: string): Model {
  const forms: ((model: Model) => string)[] = [
    (model) => `${model.vendor}/${model.id}`,
    (model) => model.id,
    (model) => `${model.vendor}/${model.family}`,
    (model) => model.family,
  ];
  for (const form of forms) {
    const [first, ...others] = models.filter((model) => form(model).toLowerCase() === wanted.toLowerCase());
    if (first && others.length === 0) return first;
    if (first) throw failure(`${wanted} names several models`, notFound([first, ...others]));
  }
  throw failure(`there is no model ${wanted}`, notFound(models));
}

/**
 * Pass on a model's answer piece by piece. Only a stream that ran out without an error has an end; the end counts the
 * pieces, so that none can be lost unseen.
 */
export async function passOn(
  parts: AsyncIterable<string | undefined>,
  send: (number: number, text: string) => Promise<void>,
  cancelled: () => boolean,
): Promise<number> {
  let pieces = 0;
  for await (const text of parts) {
    if (cancelled()) break;
    if (text === undefined) throw failure("it answered with something that is no text");
    if (text !== "") await send(++pieces, text);
  }
  if (cancelled()) throw failure("the request was cancelled");
  return pieces;
}

/** The messages for an API without system messages: their text comes before the first user message. */
export function withoutSystem(messages: Asked["messages"]): { role: "user" | "assistant"; content: string }[] {
  const system = messages.filter((message) => message.role === "system").map((message) => message.content);
  const others = messages.flatMap(({ role, content }) => (role === "system" ? [] : [{ role, content }]));
  const first = others.find((message) => message.role === "user");
  if (first) first.content = [...system, first.content].join("\n\n");
  else others.unshift({ role: "user", content: system.join("\n\n") });
  return others;
}

/** Any error as an answer to the server, with the code that the editor gave it. */
export function failure(error: unknown, data: Failure = codeOf(error)): ResponseError<Failure> {
  if (error instanceof ResponseError) return error as ResponseError<Failure>;
  return new ResponseError(REQUEST_FAILED, error instanceof Error ? error.message : String(error), data);
}

function codeOf(error: unknown): Failure {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && code !== "" ? { code } : {};
}

function notFound(models: readonly Named[]): Failure {
  return { code: "NotFound", models: models.map((model) => `${model.vendor}/${model.id}`) };
}
