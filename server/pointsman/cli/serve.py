"""`pointsman serve`: the language server on standard input and output, or for one client on a TCP port."""

import gc
import logging
import os
import sys
from pathlib import Path

import click

LEVELS = ("debug", "info", "warning", "error")


@click.command("serve")
@click.option("--stdio", is_flag=True, help="Use standard input and output (this is the default; editors pass it).")
@click.option("--tcp", type=click.IntRange(0, 65535), metavar="PORT", help="Serve one client on 127.0.0.1:PORT.")
@click.option("--config", type=click.Path(path_type=Path), help="Use this config file instead of the user's.")
@click.option(
    "--log", "level", type=click.Choice(LEVELS), default="warning", show_default=True, help="To standard error."
)
def serve_command(*, stdio: bool, tcp: int | None, config: Path | None, level: str) -> None:
    """Serve an editor. This is what `pointsman` alone does."""
    gc.disable()  # until the server is ready: of what is loaded until then, nothing is garbage
    from pointsman.lsp.server import Options, PointsmanServer
    from pointsman.lsp.transport import accept, protect_stdio

    if stdio and tcp is not None:
        raise click.UsageError("Choose one of --stdio and --tcp.")
    try:
        source, sink = protect_stdio() if tcp is None else accept(tcp)
    except OSError as error:
        where = "standard input and output" if tcp is None else f"port {tcp} of 127.0.0.1"
        raise click.ClickException(f"{where} cannot be used: {error.strerror}.") from error
    _log(level)
    code = PointsmanServer(Options(config)).serve(source, sink)
    sys.stderr.flush()
    os._exit(code)  # threads that still read files or wait for a client must not keep a stopped server alive


def _log(level: str) -> None:
    """To standard error, without keys, and without bodies: pygls would log whole messages, source code and all."""
    from pointsman.lsp.redaction import Redacted

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacted("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler])
    logging.getLogger("pygls").setLevel(logging.ERROR)
    logging.getLogger("pygls.protocol.json_rpc").addFilter(_short)


def _short(record: logging.LogRecord) -> bool:
    """Name the arguments of a record by their kind; a parameter object in it is somebody's document."""
    if isinstance(record.args, tuple):
        plain = (str, int)
        record.args = tuple(str(arg)[:80] if isinstance(arg, plain) else type(arg).__name__ for arg in record.args)
    return True
