--- The server as a client of this editor: how it is started, and how it is asked.

local M = {}

M.NAME = 'pointsman'
local STOP_MS = 3000

--- What this plugin can show beyond the protocol; the server sends these notifications only to who says so.
local function capabilities()
  local able = vim.lsp.protocol.make_client_capabilities()
  able.experimental = { pointsman = { events = true, explain = true, input = true, plan = true } }
  return able
end

local function handlers()
  local tasks, view = require('pointsman.tasks'), require('pointsman.view')
  return {
    ['pointsman/event'] = function(_, event)
      tasks.take(event)
    end,
    ['pointsman/explain'] = function(_, words)
      if words.diff then
        view.diff(words)
      else
        view.words(words.title, words.markdown)
      end
    end,
  }
end

--- Servers that were told to end.
---@type table<integer, boolean>
local stopped = {}

--- How the server ended that ended last: the editor is told of a good end, since its own words would say less.
local ended = { code = 0, signal = 0 }

--- Start the server, and keep to ourselves how it ends.
local function starter(cmd)
  return function(dispatchers)
    local told = vim.tbl_extend('force', dispatchers, {
      on_exit = function(code, signal)
        ended = { code = code, signal = signal }
        dispatchers.on_exit(0, 0)
      end,
    })
    return vim.lsp.rpc.start(cmd, told)
  end
end

--- A server that went by itself takes its tasks along: that is said once, and the next one tells of them.
local function on_exit(_, _, id)
  if stopped[id] or vim.v.exiting ~= vim.NIL or (ended.code == 0 and ended.signal == 0) then
    return
  end
  vim.schedule(function()
    require('pointsman.tasks').forget()
    vim.notify('Pointsman: the server ended by itself. :Pointsman restart starts it anew.', vim.log.levels.ERROR)
  end)
end

---@param options pointsman.Options
local function config(options)
  return {
    name = M.NAME,
    cmd = starter(options.cmd),
    filetypes = options.filetypes,
    root_markers = options.root_markers,
    capabilities = capabilities(),
    handlers = handlers(),
    on_exit = on_exit,
    settings = { pointsman = options.settings },
    init_options = next(options.settings) and options.settings or nil,
  }
end

--- Neovim 0.11 and newer start servers themselves; for 0.10 a buffer that is shown does it.
---@param options pointsman.Options
function M.enable(options)
  if vim.fn.executable(options.cmd[1]) == 0 then
    local what = 'Pointsman: %s is no program here. Install it (:help pointsman-setup), or set cmd in setup()'
    vim.notify(what:format(options.cmd[1]), vim.log.levels.ERROR)
    return
  end
  if vim.lsp.config and vim.lsp.enable then
    vim.lsp.config(M.NAME, config(options))
    vim.lsp.enable(M.NAME)
    return
  end
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('pointsman.start', {}),
    pattern = options.filetypes or '*',
    callback = function(event)
      if vim.bo[event.buf].buftype ~= '' or vim.api.nvim_buf_get_name(event.buf) == '' then
        return
      end
      local made = config(options)
      made.root_dir = vim.fs.root(event.buf, options.root_markers)
      vim.lsp.start(made, { bufnr = event.buf })
    end,
  })
end

--- End the server, if it still runs, and start it anew for the buffers that are shown.
---@param options pointsman.Options
function M.restart(options)
  require('pointsman.tasks').forget()
  for _, client in ipairs(vim.lsp.get_clients({ name = M.NAME })) do
    stopped[client.id] = true
    vim.lsp.stop_client(client.id, true)
  end
  vim.wait(STOP_MS, function() -- one that is there still would be used again
    return #vim.lsp.get_clients({ name = M.NAME }) == 0
  end, 20)
  if vim.lsp.enable then
    vim.lsp.enable(M.NAME, false)
    vim.lsp.enable(M.NAME, true)
  else
    M.enable(options)
  end
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    vim.api.nvim_exec_autocmds('FileType', { buffer = vim.api.nvim_win_get_buf(window), modeline = false })
  end
end

---@param buffer? integer
---@return vim.lsp.Client?
function M.get(buffer)
  local filter = { name = M.NAME, bufnr = buffer }
  return vim.lsp.get_clients(filter)[1] or vim.lsp.get_clients({ name = M.NAME })[1]
end

--- The methods of a client take itself since 0.11, and not before.
---@param client vim.lsp.Client
local function call(client, method, ...)
  if vim.fn.has('nvim-0.11') == 1 then
    return client[method](client, ...)
  end
  return client[method](...)
end

---@param method string
---@param params table
function M.notify(method, params)
  for _, client in ipairs(vim.lsp.get_clients({ name = M.NAME })) do
    call(client, 'notify', method, params)
  end
end

--- Run one of the server's commands. It is acknowledged at once; what comes of it comes as events and edits.
---@param command string
---@param argument table
---@param done? fun(result: table)
function M.execute(command, argument, done)
  local client = M.get(0)
  if not client then
    vim.notify('Pointsman is not running here. :checkhealth pointsman says why', vim.log.levels.WARN)
    return
  end
  local params = { command = command, arguments = { argument } }
  call(client, 'request', 'workspace/executeCommand', params, function(failure, result)
    if failure then
      vim.notify(failure.message, vim.log.levels.ERROR)
    elseif done and result then
      done(result)
    end
  end, 0)
end

return M
