import assert from "node:assert/strict";
import { test } from "node:test";
import { applyHunks, readDiff } from "../src/diff.ts";

const CHANGE = `diff --git a/s/p.py b/s/p.py
--- a/s/p.py
+++ b/s/p.py
@@ -1,3 +1,3 @@
 one
-two
+zwei
 three
@@ -5,0 +6,1 @@
+six
`;

test("a diff says what each file becomes", () => {
  const made = `diff --git a/n.py b/n.py\nnew file mode 100644\n--- /dev/null\n+++ b/n.py\n@@ -0,0 +1 @@\n+x = 1\n`;
  const moved = `diff --git a/o.py b/m.py\nrename from o.py\nrename to m.py\n`;
  const gone = `diff --git a/g.py b/g.py\ndeleted file mode 100644\n--- a/g.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n`;
  const files = readDiff(CHANGE + made + moved + gone);
  assert.deepEqual(files.map(({ before, after }) => [before, after]), [
    ["s/p.py", "s/p.py"],
    [undefined, "n.py"],
    ["o.py", "m.py"],
    ["g.py", undefined],
  ]);
  assert.equal(applyHunks("", files[1]?.hunks ?? []), "x = 1\n");
});

for (const eol of ["\n", "\r\n"]) {
  test(`hunks are put in with ${JSON.stringify(eol)}`, () => {
    const [file] = readDiff(CHANGE);
    const old = ["one", "two", "three", "four", "five", ""].join(eol);
    assert.equal(applyHunks(old, file?.hunks ?? []), ["one", "zwei", "three", "four", "five", "six", ""].join(eol));
  });
}

test("hunks that do not fit word for word are not shown as if they did", () => {
  assert.equal(applyHunks("one\nother\nthree\n", readDiff(CHANGE)[0]?.hunks ?? []), undefined);
});
