import assert from "node:assert/strict";
import { test } from "node:test";
import { linked } from "../src/links.ts";

const WORDS = "- Defined: [`total`](file:///w/shop/price.py#L4), [all](file:///w/a%20b.py), [docs](https://example.org/#L1)";

test("links to files are such as the preview shows, and others are left alone", () => {
  const made = linked(WORDS, false);
  assert.match(made, /\[`total`\]\(vscode:\/\/file\/w\/shop\/price\.py:4\)/);
  assert.match(made, /\[all\]\(vscode:\/\/file\/w\/a%20b\.py\)/);
  assert.match(made, /\[docs\]\(https:\/\/example\.org\/#L1\)/);
});

test("where no such link could lead to the file, its words are left", () => {
  assert.equal(linked(WORDS, true), "- Defined: `total`, all, [docs](https://example.org/#L1)");
});
