import assert from "node:assert/strict";
import { test } from "node:test";
import { cost, inWords, Tasks } from "../src/tasks.ts";

const task = "t";
const receipt = { usage: { prompt: 100, completion: 20 } };

test("a task shows its route and state until its outcome, which is counted", () => {
  const tasks = new Tasks(() => "today");
  tasks.take({ task, event: "started", title: "Fix", reply: "patch" });
  tasks.take({ task, event: "routed", slot: "quickEdit", model: "coder" });
  tasks.take({ task, event: "checking", line: "checking: ruff, pytest" });
  assert.equal(tasks.newest?.route, "quickEdit → coder");
  assert.equal(tasks.newest.state, "checking: ruff, pytest");
  tasks.take({ task, event: "verified", receipt, today: 0.002 });
  assert.equal(tasks.newest, undefined);
  assert.equal(inWords(tasks.tally), "today: 1 task · 120 tokens · $0.0020");
  tasks.take({ task, event: "started", title: "Fix", reply: "patch" });
  tasks.take({ task, event: "failed", receipt: null, today: 0.2 });
  assert.equal(tasks.newest, undefined, "also where nobody was asked");
  assert.equal(cost(tasks.tally), "$0.20", "the server's ledger counts, and what others spent is in it");
});

test("a new day starts at nothing", () => {
  let day = "monday";
  const tasks = new Tasks(() => day, { day, tasks: 3, tokens: 5, cost: 1.5 });
  assert.match(inWords(tasks.tally), /3 tasks · 5 tokens · \$1\.50/);
  day = "tuesday";
  assert.equal(tasks.tally.tasks, 0);
});

test("a proposal stays until it is applied or discarded", () => {
  const tasks = new Tasks(() => "today");
  tasks.take({ task, event: "proposed", title: "Fix", diff: "d", reason: "r" });
  tasks.take({ task: "u", event: "proposed", title: "Other", diff: "", reason: "" });
  tasks.take({ task, event: "applied" });
  assert.deepEqual([...tasks.proposals.keys()], ["u"]);
  tasks.take({ task: "u", event: "discarded" });
  assert.equal(tasks.proposals.size, 0);
});

test("an event of an unknown task changes nothing", () => {
  const tasks = new Tasks(() => "today");
  tasks.take({ task, event: "wrote", text: "x" });
  assert.equal(tasks.newest, undefined);
});

test("when the server is gone, so are its tasks", () => {
  const tasks = new Tasks(() => "today");
  tasks.take({ task, event: "started", title: "Fix" });
  tasks.forget();
  assert.equal(tasks.newest, undefined);
});
