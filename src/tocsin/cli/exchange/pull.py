"""`tocsin pull`: fetch what is new from a partner's TAXII 2.1 server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.options import JsonOption
from tocsin.cli.output import print_json, working
from tocsin.errors import UsageError, require


def pull(
    url: Annotated[
        str, typer.Argument(help="The server's discovery, an API root, or a collection.")
    ],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where to keep objects, one folder a collection.")
    ],
    collection: Annotated[
        str, typer.Option(help="Its identifier or title, where there are several.")
    ] = "",
    token_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file that holds your token or password.")
    ] = None,
    user: Annotated[
        str, typer.Option(help="Your name there; with it the file holds a password.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Fetch what is new from a partner's TAXII 2.1 server, with its own bytes and markings.

    A pull that was broken off goes on where it stopped. Then read DIR/objects.json with
    `tocsin observe`, which takes what is marked CLEAR or GREEN.

    Example: tocsin pull https://partner.example.org/taxii2/ --out partner --token-file token.txt
    """
    httpx = require("httpx", extra="exchange")
    from tocsin.share.stix.pull import WHOLE
    from tocsin.share.stix.pull import pull as pull_objects

    secret = _secret(token_file)
    if user and not secret:
        raise UsageError("A name needs a password.", remedy="Give --token-file FILE.")
    headers = {"authorization": f"Bearer {secret}"} if secret and not user else {}
    auth = (user, secret) if user else None
    with (
        httpx.Client(auth=auth, headers=headers, timeout=60, follow_redirects=False) as client,
        working("Asking the server", quiet=as_json) as say,
    ):
        found = pull_objects(
            url, out, client=client, collection=collection,
            on_page=lambda count: say(f"{count:,} new objects"),
        )  # fmt: skip
    if as_json:
        print_json(vars(found) | {"file": str(out / WHOLE)})
        return
    typer.echo(f"{found.new:,} new objects; all are in {out / WHOLE}.")
    for id in found.refused:
        typer.echo(f"  Left out, no object of STIX 2.1: {id}")


def _secret(path: Path | None) -> str:
    if path is None:
        return ""
    if not path.is_file():
        raise UsageError("There is no such file.", where=str(path))
    return path.read_text("utf-8").strip()
