--- What other sources report, told to the server.
---
--- Neovim asks each server for code actions with that server's own diagnostics only. The fixes that Pointsman offers are
--- for anybody's, so it is told of them as they change; then the stock key for code actions shows them.

local M = {}

local WAIT_MS = 150

---@param item vim.Diagnostic
local function to_lsp(item)
  local kept = vim.tbl_get(item, 'user_data', 'lsp')
  if kept and kept.range then
    return kept
  end
  local function position(line, column)
    local text = vim.api.nvim_buf_get_lines(item.bufnr, line, line + 1, false)[1] or ''
    return { line = line, character = vim.str_utfindex(text, math.min(column, #text)) }
  end
  return {
    range = {
      start = position(item.lnum, item.col),
      ['end'] = position(item.end_lnum or item.lnum, item.end_col or item.col),
    },
    severity = item.severity,
    source = item.source,
    code = item.code,
    message = item.message,
  }
end

--- Whether a namespace holds what our own server reported.
local function ours(namespace)
  local name = vim.diagnostic.get_namespace(namespace).name or ''
  return name:find('lsp.' .. require('pointsman.client').NAME .. '.', 1, true) ~= nil
end

---@param buffer integer
function M.send(buffer)
  if not vim.api.nvim_buf_is_valid(buffer) then
    return
  end
  local client = require('pointsman.client')
  local attached = vim.lsp.get_clients({ name = client.NAME, bufnr = buffer })[1]
  if not attached then
    return
  end
  local found = {}
  for _, item in ipairs(vim.diagnostic.get(buffer)) do
    if not ours(item.namespace) then
      table.insert(found, to_lsp(item))
    end
  end
  client.notify('pointsman/diagnostics', {
    uri = vim.uri_from_bufnr(buffer),
    version = vim.lsp.util.buf_versions[buffer],
    diagnostics = found,
  })
end

function M.share()
  local waiting = {}
  vim.api.nvim_create_autocmd({ 'DiagnosticChanged', 'LspAttach' }, {
    group = vim.api.nvim_create_augroup('pointsman.diagnostics', {}),
    callback = function(event)
      local buffer = event.buf
      if waiting[buffer] then
        return
      end
      waiting[buffer] = true
      vim.defer_fn(function()
        waiting[buffer] = nil
        M.send(buffer)
      end, WAIT_MS)
    end,
  })
end

return M
