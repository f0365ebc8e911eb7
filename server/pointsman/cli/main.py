"""The `pointsman` command. Without a subcommand it serves, so that an editor's configuration is one word.

Each subcommand is imported when it is called: serving must not wait for what other commands need.
"""

import sys
from importlib import import_module
from typing import Any

import click

from pointsman.errors import PointsmanError

COMMANDS = {
    "serve": "pointsman.cli.serve:serve_command",
    "fix": "pointsman.cli.fix:fix_command",
    "refactor": "pointsman.cli.refactor:refactor_command",
    "explain": "pointsman.cli.explain:explain_command",
    "check": "pointsman.cli.check:check_command",
    "apply": "pointsman.cli.apply:apply_command",
    "map": "pointsman.cli.map:map_command",
    "revert": "pointsman.cli.revert:revert_command",
    "log": "pointsman.cli.log:log_command",
    "report": "pointsman.cli.report:report_command",
    "index": "pointsman.cli.index:index_command",
    "trust": "pointsman.cli.trust:trust_command",
    "doctor": "pointsman.cli.doctor:doctor_command",
    "init": "pointsman.cli.init:init_command",
    "demo": "pointsman.cli.demo.command:demo_command",
}


class LazyGroup(click.Group):
    """Subcommands by name, loaded on demand; `serve` where none is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {"--help", "-h", "--version"}
        if not args or (args[0].startswith("-") and args[0] not in own):
            args = ["serve", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """What we say is wrong is said in a line, whichever command found it."""
        try:
            return super().invoke(ctx)
        except PointsmanError as error:
            raise click.ClickException(error.user_message) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pointsman")
def main() -> None:
    """Route each edit to the right model; get only patches that apply and pass your checks."""
    if sys.platform == "win32":
        raise click.ClickException("Pointsman runs on Linux and macOS. On Windows, run it and the project in WSL.")


if __name__ == "__main__":
    main()
