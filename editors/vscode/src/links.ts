/** Links to files, as the Markdown preview takes them: of a `file:` link it shows the raw text. */

const FILE = /\[([^\]\n]*)\]\(file:\/\/([^)#\s]*)(?:#L(\d+)[^)\s]*)?\)/g;

/** A window that is not on this machine could only open its own machine's files: there the words are left without a link. */
export function linked(markdown: string, remote: boolean): string {
  return markdown.replace(FILE, (_, label: string, path: string, line?: string) =>
    remote ? label : `[${label}](vscode://file${path}${line === undefined ? "" : `:${line}`})`,
  );
}
