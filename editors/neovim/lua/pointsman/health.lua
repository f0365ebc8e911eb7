--- `:checkhealth pointsman`

local M = {}

function M.check()
  local health, options = vim.health, require('pointsman').options
  health.start('pointsman')
  if vim.fn.has('nvim-0.10') == 0 then
    health.error('Neovim 0.10 or newer is needed')
    return
  end
  health.ok('Neovim ' .. tostring(vim.version()))
  local program = options.cmd[1]
  if vim.fn.executable(program) == 0 then
    health.error(
      ('%s is not executable'):format(program),
      { 'Install it: see :help pointsman-setup', 'or set `cmd` in setup()' }
    )
    return
  end
  health.ok('the server is ' .. vim.fn.exepath(program))
  local client = require('pointsman.client').get(0)
  if client then
    health.ok('it runs for ' .. (client.root_dir or 'single files'))
  else
    health.warn('it is not running for this buffer', { 'Open a file of a project, or see :help vim.lsp.log' })
  end
  if #options.cmd == 1 then
    local done = vim.system({ program, 'doctor' }, { text = true, timeout = 20000 }):wait()
    health.info(vim.trim((done.stdout or '') .. (done.stderr or '')))
  end
end

return M
