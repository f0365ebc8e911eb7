/** The extension's own environment for the server: made once for each version, by a Python of this machine. */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const WINDOWS = process.platform === "win32";
const CANDIDATES = WINDOWS
  ? ["py", "python3", "python"]
  : ["python3.14", "python3.13", "python3.12", "python3.11", "python3", "python"];
const USABLE = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))";
const LIMIT_MS = 600_000;

/** What to install: the wheel that came with the extension, and nothing that another has under its name. */
export interface Wanted {
  requirement: string;
  stamp: string;
}

export function wanted(extension: string): Wanted {
  const folder = join(extension, "dist");
  const wheel = existsSync(folder) ? readdirSync(folder).find((name) => name.endsWith(".whl")) : undefined;
  if (wheel === undefined) {
    throw new Error("This build of the extension brings no server; name one of yours in the setting pointsman.server.path.");
  }
  const path = join(folder, wheel);
  return { requirement: path, stamp: createHash("sha256").update(readFileSync(path)).digest("hex") };
}

/** The first Python that can make environments and is new enough; or an error that says what was tried. */
export async function findPython(chosen: string, candidates = CANDIDATES): Promise<string> {
  const tried = chosen === "" ? candidates : [chosen];
  for (const python of tried) {
    const usable = await run(python, ["-c", USABLE], { timeout: 20_000 }).then(() => true, () => false);
    if (usable) return python;
  }
  throw new Error(
    `Pointsman needs Python 3.11 or newer with its venv module, and found none (tried: ${tried.join(", ")}). ` +
      "Install one, or name one in the setting pointsman.server.python.",
  );
}

export function programIn(environment: string): string {
  return WINDOWS ? join(environment, "Scripts", "pointsman.exe") : join(environment, "bin", "pointsman");
}

/** Whether an environment holds what is wanted. */
export function isReady(environment: string, { stamp }: Wanted): boolean {
  const mark = join(environment, "stamp");
  return existsSync(programIn(environment)) && existsSync(mark) && readFileSync(mark, "utf8") === stamp;
}

/** Make the environment anew. The stamp comes last: what was left half made is not used. */
export async function install(environment: string, python: string, what: Wanted, log: (line: string) => void): Promise<void> {
  const step = async (program: string, ...args: string[]) => {
    log([program, ...args].join(" "));
    try {
      const done = await run(program, args, { timeout: LIMIT_MS, maxBuffer: 1 << 24 });
      log(done.stdout + done.stderr);
    } catch (error) {
      const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
      log(said);
      throw new Error(said.split("\n").at(-1) ?? "");
    }
  };
  await rm(environment, { recursive: true, force: true });
  await mkdir(environment, { recursive: true });
  await step(python, "-m", "venv", environment);
  const inside = join(environment, WINDOWS ? "Scripts\\python.exe" : "bin/python");
  await step(inside, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", what.requirement);
  await writeFile(join(environment, "stamp"), what.stamp);
}
