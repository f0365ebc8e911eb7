/** Where the user's config file is, and what stands in a new one. */

import { homedir } from "node:os";
import { posix, win32 } from "node:path";

export function configFile(platform: string, environment: Record<string, string | undefined>): string {
  const home = homedir();
  const named = environment["POINTSMAN_CONFIG"];
  if (named) return named;
  if (platform === "win32") {
    const base = environment["LOCALAPPDATA"] ?? win32.join(home, "AppData", "Local");
    return win32.join(base, "pointsman", "pointsman", "config.json");
  }
  const base =
    platform === "darwin"
      ? posix.join(home, "Library", "Application Support")
      : environment["XDG_CONFIG_HOME"] || posix.join(home, ".config");
  return posix.join(base, "pointsman", "config.json");
}

export const DRAFT = `{
  // Who serves models. The key is read from the environment variable that is named here.
  "Providers": [
    {
      "name": "openrouter",
      "api_base_url": "https://openrouter.ai/api/v1/chat/completions",
      "api_key": "$OPENROUTER_API_KEY",
      "models": ["openai/gpt-5-mini"]
    }
  ],
  // Which model answers what. Without a key, "vscode-lm,MODEL" takes one that the editor itself offers.
  "Router": {
    "default": "openrouter,openai/gpt-5-mini"
  }
}
`;
