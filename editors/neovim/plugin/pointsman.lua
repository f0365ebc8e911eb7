-- The one command, defined before `setup()` so that a plugin manager may load the rest when it is first used.
if vim.g.loaded_pointsman then
  return
end
vim.g.loaded_pointsman = true

vim.api.nvim_create_user_command('Pointsman', function(given)
  require('pointsman.commands').run(given)
end, {
  nargs = '*',
  range = true,
  desc = 'Fix, refactor or explain with Pointsman',
  complete = function(lead, line)
    return require('pointsman.commands').complete(lead, line)
  end,
})
