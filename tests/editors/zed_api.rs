//! An outline of `zed_extension_api` 0.7, as far as our extension uses it: its names and types, and no behaviour.
//! Written from the crate's published source, since the crate itself is in none of the registries of the tests.

pub mod serde_json {
    pub struct Value;
}

pub mod settings {
    pub struct CommandSettings {
        pub path: Option<String>,
        pub arguments: Option<Vec<String>>,
    }

    pub struct LspSettings {
        pub binary: Option<CommandSettings>,
        pub settings: Option<crate::serde_json::Value>,
    }

    impl LspSettings {
        pub fn for_worktree(_language_server_name: &str, _worktree: &crate::Worktree) -> crate::Result<Self> {
            unimplemented!()
        }
    }
}

pub type Result<T, E = String> = core::result::Result<T, E>;
pub type EnvVars = Vec<(String, String)>;

pub struct LanguageServerId;

pub struct Command {
    pub command: String,
    pub args: Vec<String>,
    pub env: EnvVars,
}

pub struct Worktree;

impl Worktree {
    pub fn which(&self, _binary_name: &str) -> Option<String> {
        unimplemented!()
    }

    pub fn shell_env(&self) -> EnvVars {
        unimplemented!()
    }
}

pub trait Extension: Send + Sync {
    fn new() -> Self
    where
        Self: Sized;

    fn language_server_command(&mut self, _: &LanguageServerId, _: &Worktree) -> Result<Command>;

    fn language_server_workspace_configuration(
        &mut self,
        _: &LanguageServerId,
        _: &Worktree,
    ) -> Result<Option<serde_json::Value>>;
}

pub fn register_extension(_build: fn() -> Box<dyn Extension>) {}

#[macro_export]
macro_rules! register_extension {
    ($extension_type:ty) => {
        #[export_name = "init-extension"]
        pub extern "C" fn __init_extension() {
            zed_extension_api::register_extension(|| {
                Box::new(<$extension_type as zed_extension_api::Extension>::new())
            });
        }
    };
}
