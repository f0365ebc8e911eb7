--- `:Pointsman`: what a user can ask for, with completion.

local client = require('pointsman.client')

local M = {}

--- Whatever the position encoding: a column behind a line's end stands for its end.
local END_OF_LINE = 0x7fffffff

---@param given table what nvim_create_user_command hands over
---@return lsp.Range
local function range_of(given)
  local first, last = given.line1 - 1, given.line2 - 1
  if given.range == 0 then
    local cursor = vim.api.nvim_win_get_cursor(0)
    first, last = cursor[1] - 1, cursor[1] - 1
  end
  return { start = { line = first, character = 0 }, ['end'] = { line = last, character = END_OF_LINE } }
end

--- A command about the place of the cursor, or about the lines of a range.
local function place(command, given, more)
  if vim.bo.buftype ~= '' or vim.api.nvim_buf_get_name(0) == '' then
    vim.notify('Pointsman works on files: save this buffer in one first.', vim.log.levels.WARN)
    return
  end
  local argument = { uri = vim.uri_from_bufnr(0), range = range_of(given) }
  client.execute(command, vim.tbl_extend('force', argument, more or {}))
end

--- A command about the newest proposal, or the one whose place in the list is given.
local function proposal(command)
  return function(_, words)
    local all = require('pointsman.tasks').proposals
    local chosen = all[tonumber(words) or #all]
    if not chosen then
      vim.notify('Pointsman: nothing is proposed.')
      return
    end
    if command then
      client.execute(command, { task = chosen.task })
    else
      require('pointsman.view').diff(chosen)
    end
  end
end

---@type table<string, fun(given: table, words: string)>
local subcommands = {
  fix = function(given)
    local line = given.range > 0 and given.line1 or vim.api.nvim_win_get_cursor(0)[1]
    local problems = {}
    for _, found in ipairs(vim.diagnostic.get(0, { lnum = line - 1 })) do
      table.insert(problems, { tool = found.source, message = found.message, line = found.lnum + 1 })
    end
    if #problems == 0 then
      vim.notify('Pointsman: no problem is known on this line.')
      return
    end
    place('pointsman.fix', given, { problems = vim.list_slice(problems, 1, 5) })
  end,
  refactor = function(given, words)
    if words ~= '' then
      place('pointsman.refactor', given, { intent = 'rewrite', instruction = words })
      return
    end
    vim.ui.input({ prompt = 'Change it how? ' }, function(instruction)
      if instruction and instruction ~= '' then
        place('pointsman.refactor', given, { intent = 'rewrite', instruction = instruction })
      end
    end)
  end,
  plan = function(given, words)
    place('pointsman.plan', given, { instruction = words })
  end,
  explain = function(given)
    place('pointsman.explain', given)
  end,
  lookup = function(given, words)
    place('pointsman.lookup', given, { instruction = words })
  end,
  check = function()
    client.execute('pointsman.runChecks', { uri = vim.uri_from_bufnr(0) })
  end,
  allow = function()
    client.execute('pointsman.allowChecks', {})
  end,
  cancel = function()
    client.execute('pointsman.cancel', {})
  end,
  revert = function()
    client.execute('pointsman.revert', {})
  end,
  restart = function()
    client.restart(require('pointsman').options)
  end,
  diff = proposal(nil),
  apply = proposal('pointsman.apply'),
  discard = proposal('pointsman.discard'),
  continue = proposal('pointsman.continue'),
}

--- One call of `:Pointsman`.
---@param given table
function M.run(given)
  local name, words = given.args:match('^(%S*)%s*(.*)$')
  local run = subcommands[name]
  if run then
    run(given, words)
  elseif name:match('^pointsman%.') then
    client.execute(name, { uri = vim.uri_from_bufnr(0) })
  else
    local known = table.concat(M.complete('', 'Pointsman '), ', ')
    vim.notify(('Pointsman: %q is no subcommand. There are: %s.'):format(name, known), vim.log.levels.ERROR)
  end
end

---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  if line:match('Pointsman!?%s+%S+%s') then
    return {}
  end
  local found = vim.tbl_filter(function(name)
    return vim.startswith(name, lead)
  end, vim.tbl_keys(subcommands))
  table.sort(found)
  return found
end

return M
