--- Pointsman in Neovim: starts the server, and shows what only an editor can show.
---
--- Everything that decides anything is in the server. This plugin starts it, passes on the diagnostics of other
--- sources, asks for an instruction or an answer, and shows explanations, proposals and the state of tasks.

---@class pointsman.Options
---@field cmd? string[] how the server is started; `{ 'pointsman' }` by default
---@field filetypes? string[] attach to these only; to every normal buffer by default
---@field root_markers? string[] files that mark the root of a project
---@field settings? table choices for the server: `Router`, `fallback`, `apply`, `builtinFixers`, `checks`, `symbols`
---@field share_diagnostics? boolean tell the server what other sources report, so that the usual keys offer fixes for it
---@field border? string the border of floating windows

local M = {}

---@type pointsman.Options
M.options = {
  cmd = { 'pointsman' },
  root_markers = { '.git', 'pyproject.toml', 'package.json', 'Cargo.toml', 'go.mod' },
  settings = {},
  share_diagnostics = true,
  border = 'rounded',
}

--- Start the server with each buffer that fits. `:help pointsman-setup` lists the options.
---@param options? pointsman.Options
function M.setup(options)
  vim.validate({ options = { options, 'table', true } })
  M.options = vim.tbl_deep_extend('force', M.options, options or {})
  require('pointsman.client').enable(M.options)
  if M.options.share_diagnostics then
    require('pointsman.diagnostics').share()
  end
end

--- A component for a status line: the route and the state of the task at work; empty when there is none.
---@return string
function M.statusline()
  return require('pointsman.tasks').line()
end

return M
