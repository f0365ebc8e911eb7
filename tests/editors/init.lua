-- A user's configuration, as the README shows it: Neovim 0.11 and newer have vim.lsp.config, 0.10 has vim.lsp.start.
local markers = { '.git', 'pyproject.toml' }
for name, cmd in pairs(vim.json.decode(vim.env.TEST_SERVERS)) do
  if vim.lsp.config then
    vim.lsp.config(name, { cmd = cmd, filetypes = { 'python' }, root_markers = markers })
    vim.lsp.enable(name)
  else
    vim.api.nvim_create_autocmd('FileType', {
      pattern = 'python',
      callback = function(event)
        vim.lsp.start({ name = name, cmd = cmd, root_dir = vim.fs.root(event.buf, markers) })
      end,
    })
  end
end
-- Commands of the server by name: :Pointsman pointsman.runChecks
vim.api.nvim_create_user_command('Pointsman', function(given)
  local client = vim.lsp.get_clients({ name = 'pointsman', bufnr = 0 })[1]
  local params = { command = given.args, arguments = { { uri = vim.uri_from_bufnr(0) } } }
  if vim.lsp.config then
    client:request('workspace/executeCommand', params)
  else
    client.request('workspace/executeCommand', params)
  end
end, { nargs = 1 })
vim.o.laststatus = 2
vim.o.statusline = '%f %m %= %{v:lua.vim.lsp.status()}'
