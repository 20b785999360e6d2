"""`tocsin serve`: run the exchange server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.server.options import DATA, DataOption
from tocsin.cli.stop import Stopped


def serve(
    data: DataOption = DATA,
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Where to listen.")] = 8000,
    host: Annotated[
        str, typer.Option(help="The address; one beyond this machine has TLS.")
    ] = "127.0.0.1",
    certificate: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="TLS: the certificate chain (PEM)."),
    ] = None,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="TLS: its key (PEM).")] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A proxy on this machine does TLS.")
    ] = False,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes that answer; needs PostgreSQL.")
    ] = 1,
    new_link: Annotated[
        bool, typer.Option("--new-link", help="Make a further link for an administrator.")
    ] = False,
    take_over: Annotated[
        bool,
        typer.Option(
            "--take-over", help="A restored server takes the place of the one of its backup."
        ),
    ] = False,
) -> None:
    """Run the exchange server, where neighbours warn each other.

    The first start makes a one-time link for the administrator, and says it once. Nothing is
    asked of other machines. docs/operate.md tells how to run it for others.

    Example: tocsin serve --data server --port 8000
    """
    from tocsin.share.server.running.serving import serve as run

    try:
        run(
            data, host=host, port=port, certificate=certificate, key=key,
            behind_proxy=behind_proxy, new_link=new_link, takes_over=take_over,
            workers=workers, tell=typer.echo,
        )  # fmt: skip
    except (KeyboardInterrupt, Stopped):
        # To stop a server is no failure.
        typer.echo("Stopped.")
