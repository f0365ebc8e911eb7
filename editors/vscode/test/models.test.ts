import assert from "node:assert/strict";
import { test } from "node:test";
import { failure, passOn, pick, withoutSystem } from "../src/models.ts";

const model = (vendor: string, id: string, family: string) => ({ vendor, id, family, name: id, version: "1" });
const MODELS = [model("copilot", "gpt-4.1", "gpt-4.1"), model("other", "gpt-4.1-x", "gpt-4.1"), model("other", "coder", "big")];

for (const [wanted, id] of [
  ["gpt-4.1", "gpt-4.1"],
  ["copilot/gpt-4.1", "gpt-4.1"],
  ["OTHER/GPT-4.1", "gpt-4.1-x"],
  ["big", "coder"],
  ["other/coder", "coder"],
] as const) {
  test(`${wanted} names one model`, () => {
    assert.equal(pick(MODELS, wanted).id, id);
  });
}

test("a model that is not there is refused, with those that are", () => {
  assert.throws(
    () => pick(MODELS, "gpt-5"),
    (error: { data: unknown }) => {
      const models = ["copilot/gpt-4.1", "other/gpt-4.1-x", "other/coder"];
      assert.deepEqual(error.data, { code: "NotFound", models });
      return true;
    },
  );
});

test("a name of two models chooses neither", () => {
  assert.throws(() => pick([model("a", "x", "same"), model("b", "y", "same")], "same"), /several/);
});

async function* parts(...texts: (string | undefined | Error)[]): AsyncIterable<string | undefined> {
  for (const text of texts) {
    await Promise.resolve();
    if (text instanceof Error) throw text;
    yield text;
  }
}

const collect = () => {
  const sent: [number, string][] = [];
  const send = (number: number, text: string) => {
    sent.push([number, text]);
    return Promise.resolve();
  };
  return { sent, send };
};

test("each piece is numbered, and the end counts them", async () => {
  const { sent, send } = collect();
  assert.equal(await passOn(parts("a", "", "b"), send, () => false), 2);
  assert.deepEqual(sent, [[1, "a"], [2, "b"]]);
});

for (const [name, stream, cancelled] of [
  ["a stream that fails in the middle", parts("a", new Error("cut")), false],
  ["a stream that calls a tool", parts("a", undefined), false],
  ["a stream that was cancelled", parts("a"), true],
] as const) {
  test(`${name} has no end`, async () => {
    await assert.rejects(passOn(stream, collect().send, () => cancelled));
  });
}

test("the code of the editor's error goes on to the server", () => {
  const error = Object.assign(new Error("no"), { code: "NoPermissions" });
  assert.deepEqual(failure(error).data, { code: "NoPermissions" });
  assert.equal(failure(error).message, "no");
});

test("what the system says comes before the first user message", () => {
  const said = withoutSystem([
    { role: "system", content: "s" },
    { role: "user", content: "u" },
    { role: "assistant", content: "a" },
    { role: "user", content: "v" },
  ]);
  assert.deepEqual(said.map(({ content }) => content), ["s\n\nu", "a", "v"]);
});
