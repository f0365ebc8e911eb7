-- A user's configuration, as the README shows it: Neovim 0.11 and newer have vim.lsp.config, 0.10 has vim.lsp.start.
local cmd = vim.json.decode(vim.env.POINTSMAN_COMMAND)
local markers = { '.git', 'pyproject.toml' }
if vim.lsp.config then
  vim.lsp.config('pointsman', { cmd = cmd, filetypes = { 'python' }, root_markers = markers })
  vim.lsp.enable('pointsman')
else
  vim.api.nvim_create_autocmd('FileType', {
    pattern = 'python',
    callback = function(event)
      vim.lsp.start({ name = 'pointsman', cmd = cmd, root_dir = vim.fs.root(event.buf, markers) })
    end,
  })
end
vim.o.laststatus = 2
vim.o.statusline = '%f %m %= %{v:lua.vim.lsp.status()}'
