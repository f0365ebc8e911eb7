import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { findPython, install, isReady, programIn, wanted } from "../src/python.ts";

const folder = mkdtempSync(join(tmpdir(), "pointsman-"));
process.on("exit", () => {
  rmSync(folder, { recursive: true });
});

test("a Python that is not there, or cannot be used, is named with the way out", async () => {
  await assert.rejects(findPython("no-such-python"), /no-such-python.*\n?.*pointsman\.server\.python/s);
  await assert.rejects(findPython("", [process.execPath]), /3\.11/);
});

test("the wheel that came along is installed, and its contents are what counts", () => {
  const extension = join(folder, "extension");
  mkdirSync(join(extension, "dist"), { recursive: true });
  assert.throws(() => wanted(extension), /pointsman\.server\.path/);
  const wheel = join(extension, "dist", "pointsman-0.1.0-py3-none-any.whl");
  writeFileSync(wheel, "a");
  const first = wanted(extension);
  writeFileSync(wheel, "b");
  assert.equal(first.requirement, wheel);
  assert.notEqual(first.stamp, wanted(extension).stamp);
});

test("an environment is made, marked last, and made anew for another version", async () => {
  const project = join(folder, "project");
  mkdirSync(project);
  writeFileSync(join(project, "pointsman.py"), "def main():\n    print('served')\n");
  // a wheel is a zip: the standard library makes one without anything from outside
  const wheel = join(folder, "pointsman-9.0-py3-none-any.whl");
  const script = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as made:
    made.write(sys.argv[2], "pointsman.py")
    info = "pointsman-9.0.dist-info/"
    made.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: pointsman\\nVersion: 9.0\\n")
    made.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    made.writestr(info + "entry_points.txt", "[console_scripts]\\npointsman = pointsman:main\\n")
    made.writestr(info + "RECORD", "")
`;
  const { execFileSync } = await import("node:child_process");
  const python = await findPython("");
  execFileSync(python, ["-c", script, wheel, join(project, "pointsman.py")]);
  const environment = join(folder, "environment");
  const what = { requirement: wheel, stamp: "one" };
  const lines: string[] = [];
  await install(environment, python, what, (line) => lines.push(line));
  assert.equal(execFileSync(programIn(environment), { encoding: "utf8" }).trim(), "served");
  assert.ok(isReady(environment, what));
  assert.ok(!isReady(environment, { ...what, stamp: "two" }));
  await assert.rejects(install(environment, python, { requirement: join(folder, "no.whl"), stamp: "three" }, () => undefined));
  assert.ok(!isReady(environment, { ...what, stamp: "three" }));
});
