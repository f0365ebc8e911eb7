// node build.mjs OUT.vsix [WHEEL]: the extension as users get it; with a wheel, it brings its server along.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";

const [out, wheel] = process.argv.slice(2).map((path) => resolve(path));
const here = import.meta.dirname;
const project = join(here, "../..");
const bin = (name) => join(here, "node_modules/.bin", name);

rmSync(join(here, "dist"), { recursive: true, force: true });
mkdirSync(join(here, "dist"));
const options = "--bundle --minify --platform=node --format=cjs --target=node20 --external:vscode --log-level=warning";
execFileSync(bin("esbuild"), ["src/extension.ts", ...options.split(" "), "--outfile=dist/extension.js"], { cwd: here, stdio: "inherit" });
copyFileSync(join(project, "docs/config.schema.json"), join(here, "dist/config.schema.json"));
for (const name of ["LICENSE", "CHANGELOG.md"]) copyFileSync(join(project, name), join(here, name));
if (wheel) copyFileSync(wheel, join(here, "dist", basename(wheel)));
try {
  const links = "https://example.invalid/pointsman"; // none of the README's links leads out of the package
  execFileSync(bin("vsce"), ["package", "--no-dependencies", "--allow-missing-repository", "--baseContentUrl", links, "-o", out], { cwd: here, stdio: "inherit" });
} finally {
  for (const name of ["LICENSE", "CHANGELOG.md"]) rmSync(join(here, name));
}
