--- What the server tells of its tasks: the one at work for the status line, its question, the last proposal.

local M = {}

---@class pointsman.Task
---@field title string
---@field words boolean it ends in words, which are shown while they come
---@field route? string
---@field state string

---@type table<string, pointsman.Task>
local working = {}
local newest ---@type string?

---@class pointsman.Proposal
---@field task string
---@field title string
---@field diff string
---@field reason string

---@type pointsman.Proposal[]
M.proposals = {}

--- The task that was started last and has not ended, if there is one.
---@return string?, pointsman.Task?
function M.current()
  return newest, newest and working[newest]
end

---@return string
function M.line()
  local _, task = M.current()
  if not task then
    return ''
  end
  local parts = { 'Pointsman', task.route, task.state }
  return table.concat(
    vim.tbl_filter(function(part)
      return part and part ~= ''
    end, parts),
    ' · '
  )
end

local function settle(id)
  M.proposals = vim.tbl_filter(function(proposal)
    return proposal.task ~= id
  end, M.proposals)
end

local function finish(id)
  working[id] = nil
  if newest == id then
    newest = next(working)
  end
end

--- The server has gone, and its tasks with it. A new one tells of proposals anew.
function M.forget()
  working, newest, M.proposals = {}, nil, {}
  vim.cmd.redrawstatus()
end

--- Ask the model's question; an empty answer, or none, stops the task.
local function ask(id, text)
  vim.ui.input({ prompt = 'The model asks: ' .. text .. ' ' }, function(answer)
    local given = answer and answer ~= '' and answer or nil
    require('pointsman.client').execute('pointsman.answer', { task = id, answer = given })
  end)
end

---@type table<string, fun(id: string, event: table)>
local on = {
  started = function(id, event)
    working[id] = { title = event.title, words = event.reply == 'words', state = 'started' }
    newest = id
  end,
  routed = function(id, event)
    working[id].route = event.slot .. ' → ' .. event.model
  end,
  wrote = function(id, event)
    if working[id].words then
      require('pointsman.view').stream(id, working[id].title, event.text)
    end
  end,
  planned = function(id, event)
    if event.waits then
      vim.schedule(function()
        require('pointsman.view').plan(id, working[id] and working[id].title or '', event.text)
      end)
    end
  end,
  asked = function(id, event)
    vim.schedule(function()
      ask(id, event.question.text)
    end)
  end,
}

local ends =
  { verified = true, unverified = true, explained = true, ['no-fix'] = true, failed = true, cancelled = true }

--- One event of one task, as the server sent it.
---@param event table
function M.take(event)
  local id, kind = event.task, event.event
  if kind == 'proposed' then
    settle(id)
    table.insert(M.proposals, { task = id, title = event.title, diff = event.diff, reason = event.reason })
  elseif kind == 'applied' or kind == 'discarded' then
    settle(id)
  elseif kind == 'started' or working[id] then
    if on[kind] then
      on[kind](id, event)
    end
    if ends[kind] then
      finish(id)
    elseif event.line and kind ~= 'routed' then
      working[id].state = event.line
    end
  end
  vim.api.nvim_exec_autocmds('User', { pattern = 'PointsmanEvent', data = event, modeline = false })
  vim.cmd.redrawstatus()
end

return M
