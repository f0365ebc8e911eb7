/** Documents that are on no disk: explanations while they are written, plans to edit, files as a proposal makes them. */

import * as vscode from "vscode";

export const SCHEME = "pointsman";

export class Pages implements vscode.FileSystemProvider {
  private readonly contents = new Map<string, { bytes: Uint8Array; changed: number }>();
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changes.event;

  /** A page by its path, which says what kind it is: `/plan/...` can be edited and carried out. */
  put(path: string, text: string, query = ""): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, path, query });
    this.writeFile(uri, new TextEncoder().encode(text));
    return uri;
  }

  has(uri: vscode.Uri): boolean {
    return this.contents.has(uri.toString());
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const { bytes, changed } = this.get(uri);
    const stat = { type: vscode.FileType.File, ctime: 0, mtime: changed, size: bytes.length };
    return uri.path.startsWith("/plan/") ? stat : { ...stat, permissions: vscode.FilePermission.Readonly };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return this.get(uri).bytes;
  }

  writeFile(uri: vscode.Uri, bytes: Uint8Array): void {
    const changed = Math.max(Date.now(), (this.contents.get(uri.toString())?.changed ?? 0) + 1);
    const type = this.has(uri) ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created;
    this.contents.set(uri.toString(), { bytes, changed });
    this.changes.fire([{ type, uri }]);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    this.contents.delete(uri.toString());
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  private get(uri: vscode.Uri): { bytes: Uint8Array; changed: number } {
    const found = this.contents.get(uri.toString());
    if (!found) throw vscode.FileSystemError.FileNotFound(uri);
    return found;
  }
}

/** A title as the name of a page, which is what the tab shows. */
export function pageName(title: string): string {
  return title.replace(/[/\\?#%]/g, "-").slice(0, 60).trim() || "Pointsman";
}
