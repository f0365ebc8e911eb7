//! Registers the language server `pointsman`, which settings alone cannot do.

use zed_extension_api::{self as zed, settings::LspSettings, Command, LanguageServerId, Result, Worktree};

const NAME: &str = "pointsman";

struct Pointsman;

impl zed::Extension for Pointsman {
    fn new() -> Self {
        Self
    }

    /// The program of the user's settings, else the one on the PATH.
    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let binary = LspSettings::for_worktree(NAME, worktree).ok().and_then(|settings| settings.binary);
        let (path, arguments) = binary.map_or((None, None), |binary| (binary.path, binary.arguments));
        let command = path
            .or_else(|| worktree.which(NAME))
            .ok_or("pointsman is not on the PATH. Its README says how to install it")?;
        let args = arguments.unwrap_or_default();
        Ok(Command { command, args, env: worktree.shell_env() })
    }

    /// Settings under `lsp.pointsman.settings` choose among the models that the user's own file defines.
    fn language_server_workspace_configuration(
        &mut self,
        _: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<zed::serde_json::Value>> {
        Ok(LspSettings::for_worktree(NAME, worktree).ok().and_then(|settings| settings.settings))
    }
}

zed::register_extension!(Pointsman);
