// node format_lua.mjs [--check]: the Lua of the plugin and of its tests, by StyLua; with --check, only says what differs.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Config, formatCode, IndentType, LuaVersion, OutputVerification, QuoteStyle } from "./vscode/node_modules/@johnnymorganz/stylua/stylua_lib_node.mjs";

const project = join(import.meta.dirname, "..");
const check = process.argv.includes("--check");

function style() {
  const config = Config.new();
  config.syntax = LuaVersion.LuaJIT;
  config.column_width = 120;
  config.indent_type = IndentType.Spaces;
  config.indent_width = 2;
  config.quote_style = QuoteStyle.AutoPreferSingle;
  return config;
}

function* files() {
  for (const folder of ["editors/neovim", "tests/editors"]) {
    for (const name of readdirSync(join(project, folder), { recursive: true })) {
      if (name.endsWith(".lua")) yield join(folder, name);
    }
  }
}

for (const file of files()) {
  const path = join(project, file);
  const before = readFileSync(path, "utf8");
  const after = formatCode(before, style(), undefined, OutputVerification.None);
  if (after === before) continue;
  if (check) {
    console.error(`${file}: not formatted; make format does it`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, after);
  }
}
