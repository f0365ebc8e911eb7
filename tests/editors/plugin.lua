-- A user's configuration with our plugin, as its help shows it, and other servers beside it.
vim.opt.runtimepath:prepend(vim.env.TEST_PLUGIN)
local servers = vim.json.decode(vim.env.TEST_SERVERS)
require('pointsman').setup({ cmd = servers.pointsman, filetypes = { 'python' } })
servers.pointsman = nil
for name, cmd in pairs(servers) do
  vim.api.nvim_create_autocmd('FileType', {
    pattern = 'python',
    callback = function(event)
      vim.lsp.start({ name = name, cmd = cmd, root_dir = vim.fs.root(event.buf, '.git') })
    end,
  })
end
vim.o.laststatus = 2
vim.o.statusline = "%f %m %= %{v:lua.require'pointsman'.statusline()}"
