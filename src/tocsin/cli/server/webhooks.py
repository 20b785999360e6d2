"""`tocsin webhooks`: which programs the server tells of what changed."""

from __future__ import annotations

from typing import Annotated

import typer

from tocsin.cli.options import JsonOption
from tocsin.cli.output import print_json
from tocsin.cli.server.options import DATA, DataOption, marks, opened, say

webhooks = typer.Typer(
    no_args_is_help=True, help="Programs that the server tells of what changed (Standard Webhooks)."
)
IdArgument = Annotated[str, typer.Argument(help="The webhook, as `list` shows it.")]


@webhooks.command("add")
def add(
    account: Annotated[str, typer.Argument(help="For whom: it is told what this account may see.")],
    url: Annotated[str, typer.Argument(help="The address to post to, with https.")],
    plays: Annotated[
        bool, typer.Option("--plays", help="It plays an exercise along; others are live.")
    ] = False,
    data: DataOption = DATA,
    as_json: JsonOption = False,
) -> None:
    """Tell a program of what an account may see, from now on. The secret is shown this once.

    Example: tocsin webhooks add south https://south.example.org/hook
    """
    from tocsin.errors import UsageError
    from tocsin.share.server.accounts.sealing import open_seal
    from tocsin.share.server.accounts.signing_in import of_name
    from tocsin.share.server.delivery.webhooks import add_hook

    with opened(data) as database, database.writing() as connection:
        signed = of_name(connection, account)
        if signed is None:
            raise UsageError("There is no such account.", where=account)
        secret = add_hook(database, connection, open_seal(data), signed.reader, url, live=not plays)
    say(as_json, {"secret": secret}, f"The secret, which is shown this once: {secret}")


@webhooks.command("list")
def list_all(data: DataOption = DATA, as_json: JsonOption = False) -> None:
    """List the webhooks, with how many deliveries are done, waiting, failed or hidden.

    Example: tocsin webhooks list --data server
    """
    from tocsin.share.server.delivery.webhooks import list_hooks

    with opened(data) as database, database.reading() as connection:
        rows = list_hooks(connection)
    if as_json:
        print_json({"webhooks": rows})
        return
    for row in rows:
        counts = ", ".join(f"{n} {state}" for state, n in sorted(row["deliveries"].items()))
        first = f"{row['id']}  {row['account']}  {row['url']}"
        until = row["two_secrets_until"]
        both = [f"two secrets sign until {until[:16]}Z"] if until else []
        typer.echo("; ".join([first, *marks(row), *both, counts or "no deliveries"]))
    if not rows:
        typer.echo("There are no webhooks.")


@webhooks.command("rotate")
def rotate(
    id: IdArgument,
    overlap: Annotated[
        float,
        typer.Option(
            metavar="HOURS", help="How long the old secret signs beside it; 0 if others know it."
        ),
    ] = 24,
    data: DataOption = DATA,
    as_json: JsonOption = False,
) -> None:
    """Give a webhook a new secret; for a day the old one signs beside it.

    Example: tocsin webhooks rotate 30e90e7351e1fc877f2241f6d07760a8 --overlap 72
    """
    from tocsin.share.server.accounts.sealing import open_seal
    from tocsin.share.server.delivery.webhooks import rotate_secret

    with opened(data) as database, database.writing() as connection:
        secret = rotate_secret(database, connection, open_seal(data), id, overlap=overlap)
    say(as_json, {"secret": secret}, f"The new secret, which is shown this once: {secret}")


@webhooks.command("pause")
def pause(id: IdArgument, data: DataOption = DATA, as_json: JsonOption = False) -> None:
    """Pause a webhook; what comes meanwhile is delivered when it is resumed.

    Example: tocsin webhooks pause 30e90e7351e1fc877f2241f6d07760a8
    """
    from tocsin.share.server.delivery.webhooks import pause_hook

    with opened(data) as database, database.writing() as connection:
        pause_hook(connection, id, paused=True)
    say(as_json, {"paused": id}, f"Paused: {id}.")


@webhooks.command("resume")
def resume(id: IdArgument, data: DataOption = DATA, as_json: JsonOption = False) -> None:
    """Go on with a webhook that was paused.

    Example: tocsin webhooks resume 30e90e7351e1fc877f2241f6d07760a8
    """
    from tocsin.share.server.delivery.webhooks import pause_hook

    with opened(data) as database, database.writing() as connection:
        pause_hook(connection, id, paused=False)
    say(as_json, {"resumed": id}, f"Resumed: {id}.")


@webhooks.command("remove")
def remove(id: IdArgument, data: DataOption = DATA, as_json: JsonOption = False) -> None:
    """Remove a webhook and what waits for it.

    Example: tocsin webhooks remove 30e90e7351e1fc877f2241f6d07760a8
    """
    from tocsin.share.server.delivery.webhooks import remove_hook

    with opened(data) as database, database.writing() as connection:
        remove_hook(connection, id)
    say(as_json, {"removed": id}, f"Removed: {id}.")
