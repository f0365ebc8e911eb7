--- Windows: words in a float, a proposal's diff in a tab.

local M = {}

local stream = { id = '', text = '' }
local float ---@type integer?

---@param lines string[]
---@param filetype string
---@return integer buffer
local function scratch(lines, filetype)
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].filetype = filetype
  if filetype == 'markdown' then
    pcall(vim.treesitter.start, buffer, 'markdown') -- it hides addresses, which the old syntax does not
  end
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].modifiable = false
  vim.keymap.set('n', 'q', '<cmd>close<cr>', { buffer = buffer, nowait = true })
  return buffer
end

local function lines_of(text)
  return vim.split(text, '\n')
end

--- A plan to read and change: writing it has it carried out as it stands then, closing it stops the task.
---@param task string
---@param title string
---@param text string
function M.plan(task, title, text)
  local client = require('pointsman.client')
  local buffer = scratch(lines_of(text), 'markdown')
  vim.bo[buffer].modifiable = true
  vim.bo[buffer].buftype = 'acwrite'
  vim.api.nvim_buf_set_name(buffer, 'pointsman://plan/' .. task)
  vim.bo[buffer].modified = false
  local carried = false
  vim.api.nvim_create_autocmd('BufWriteCmd', {
    buffer = buffer,
    callback = function()
      carried = true
      local plan = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
      vim.bo[buffer].modified = false
      vim.schedule(function()
        vim.api.nvim_buf_delete(buffer, { force = true })
        client.execute('pointsman.carryOut', { task = task, plan = plan })
      end)
    end,
  })
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = buffer,
    callback = function()
      if not carried then
        client.execute('pointsman.cancel', { run = task })
      end
    end,
  })
  vim.cmd.split()
  vim.api.nvim_win_set_buf(0, buffer)
  vim.wo.winbar = ' ' .. title:gsub('%%', '%%%%') .. ' — :w carries it out, :q! stops'
end

---@param title string
---@param lines string[]
local function open(title, lines)
  local width = math.min(100, vim.o.columns - 4)
  local height = math.max(3, math.min(math.floor(vim.o.lines * 0.7), #lines + 2))
  float = vim.api.nvim_open_win(scratch(lines, 'markdown'), true, {
    relative = 'editor',
    style = 'minimal',
    border = require('pointsman').options.border,
    title = ' ' .. title .. ' ',
    width = width,
    height = height,
    row = math.floor((vim.o.lines - height) / 2) - 1,
    col = math.floor((vim.o.columns - width) / 2),
  })
  vim.wo[float].wrap = true
  vim.wo[float].linebreak = true
  vim.wo[float].conceallevel = 2
end

---@param lines string[]
local function fill(lines)
  local buffer = vim.api.nvim_win_get_buf(float)
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  local height = math.max(3, math.min(math.floor(vim.o.lines * 0.7), #lines + 2))
  vim.api.nvim_win_set_height(float, height)
end

local function shown()
  return float and vim.api.nvim_win_is_valid(float)
end

--- Words while they come. One that was closed by its reader stays closed until the end.
---@param id string
---@param title string
---@param piece string
function M.stream(id, title, piece)
  local fresh = stream.id ~= id
  stream = { id = id, text = (fresh and '' or stream.text) .. piece }
  if fresh and not shown() then
    open(title, lines_of(stream.text))
  elseif shown() then
    fill(lines_of(stream.text))
  end
end

--- Words in the end, with all that the server added.
---@param title string
---@param markdown string
function M.words(title, markdown)
  local lines = lines_of(markdown)
  if shown() then
    fill(lines)
  else
    open(title, lines)
  end
end

--- A proposal's diff in a tab of its own; `q` closes it.
---@param proposal pointsman.Proposal
function M.diff(proposal)
  vim.cmd.tabnew()
  vim.api.nvim_win_set_buf(0, scratch(vim.split(proposal.diff, '\n'), 'diff'))
  vim.wo.winbar = ' ' .. proposal.title:gsub('%%', '%%%%') .. ' — :Pointsman apply, continue or discard'
end

return M
