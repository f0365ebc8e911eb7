/** The server's own diffs, read back for the editor's diff view. They are exact: what does not fit is not shown so. */

/** What a diff says of one file; a path that is undefined is none: the file is made, or deleted. */
export interface FileDiff {
  before: string | undefined;
  after: string | undefined;
  hunks: Hunk[];
}

interface Hunk {
  line: number;
  rows: string[];
}

export function readDiff(text: string): FileDiff[] {
  const files: FileDiff[] = [];
  for (const block of text.split(/^(?=diff --git )/m)) {
    const before = pathIn(block, /^--- (.+)$/m) ?? pathIn(block, /^rename from (.+)$/m);
    const after = pathIn(block, /^\+\+\+ (.+)$/m) ?? pathIn(block, /^rename to (.+)$/m);
    if (before !== undefined || after !== undefined) files.push({ before, after, hunks: readHunks(block) });
  }
  return files;
}

/** The text after a file's hunks; undefined where they do not fit word for word. */
export function applyHunks(text: string, hunks: Hunk[]): string | undefined {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const old = text.split(/\r?\n/);
  const fresh: string[] = [];
  let at = 0;
  for (const { line, rows } of hunks) {
    while (at < line - 1 && at < old.length) fresh.push(old[at++] ?? "");
    for (const row of rows) {
      if (row[0] !== "+" && old[at] !== row.slice(1)) return undefined;
      if (row[0] !== "-") fresh.push(row.slice(1));
      if (row[0] !== "+") at++;
    }
  }
  return [...fresh, ...old.slice(at)].join(eol);
}

function readHunks(block: string): Hunk[] {
  return block
    .split(/^(?=@@ )/m)
    .slice(1)
    .map((text) => {
      const [head = "", ...rows] = text.replace(/\n$/, "").split("\n");
      const [, start = "1", count = "1"] = /^@@ -(\d+)(?:,(\d+))?/.exec(head) ?? [];
      // a hunk that takes nothing away names the line before it
      const line = Number(start) + (count === "0" ? 1 : 0);
      return { line, rows: rows.filter((row) => /^[ +-]/.test(row)).map((row) => row.replace(/\r$/, "")) };
    });
}

function pathIn(block: string, pattern: RegExp): string | undefined {
  const named = pattern.exec(block)?.[1]?.replace(/\t.*$/, "");
  return named === undefined || named === "/dev/null" ? undefined : named.replace(/^[ab]\//, "");
}
