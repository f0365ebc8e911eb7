import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", "node_modules/"] },
  ...tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // an editor's event has nobody to wait for it
      "@typescript-eslint/no-floating-promises": "error",
    },
  },
  {
    files: ["test/**"],
    // node:test runs what `test` returns
    rules: { "@typescript-eslint/no-floating-promises": "off" },
  },
  { files: ["*.mjs"], ...tseslint.configs.disableTypeChecked },
);
