"""`tocsin audit`: is the log of who did what whole, and how is that shown to others?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.cli.options import JsonOption
from tocsin.cli.output import print_json, working
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from tocsin.share.audit.checkpoint import Checkpoint
    from tocsin.share.audit.verification import Verification

audit = typer.Typer(
    no_args_is_help=True, help="The log of who read and decided what: verify it, prove from it."
)
DatabaseArgument = Annotated[
    str, typer.Argument(metavar="DATABASE", help="The server's folder, file or address.")
]
KeyOption = Annotated[
    str | None, typer.Option(metavar="KEY", help="The log's public key, as its owner publishes it.")
]


@audit.command("verify")
def verify(
    database: DatabaseArgument,
    key: KeyOption = None,
    partner: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="A partner's public key; say it again for more."),
    ] = None,
    held: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A checkpoint that somebody else holds."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Verify the log: compute every hash again, and hold it to the checkpoints.

    Give --held or --partner: without a checkpoint that another holds, one cannot tell whether all
    of the log was rewritten. Exit code 0: nothing is wrong. Exit code 1: something is.

    Example: tocsin audit verify server-data --key "$(cat log.pub)" --held partner-checkpoint.txt
    """
    from tocsin.share.audit import verify as verify_log
    from tocsin.share.audit.note import read_note, read_public_key
    from tocsin.share.audit.pieces import cores

    notes = [read_note(_text(path)) for path in held or ()]
    partners = [read_public_key(one) for one in partner or ()]
    log = read_public_key(key) if key else None
    with working("Computing every hash", quiet=as_json), _open(database).connect() as connection:
        found = verify_log(connection, key=log, partners=partners, held=notes, processes=cores())
    if as_json:
        print_json(_as_dict(found))
    else:
        _print(found)
    if not found.whole:
        raise typer.Exit(1)


@audit.command("prove")
def prove(
    database: DatabaseArgument,
    event: Annotated[str | None, typer.Argument(help="The identifier of an entry.")] = None,
    since: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Prove that the log only grew since this checkpoint."),
    ] = None,
    opened: Annotated[
        bool, typer.Option("--open", help="Show who did what, so far as it is not erased.")
    ] = False,
) -> None:
    """Write a proof, as JSON: that an entry stands in the log, or that the log only grew.

    Example: tocsin audit prove server-data --since partner-checkpoint.txt
    """
    from tocsin.share.audit import prove as prove_entry
    from tocsin.share.audit import prove_growth

    if (event is None) == (since is None):
        raise UsageError("Say what is to be proved.", remedy="Give an entry, or --since FILE.")
    with _open(database).connect() as connection:
        if since is not None:
            print_json(prove_growth(connection, _checkpoint(since)))
        else:
            print_json(prove_entry(connection, str(event), opened=opened))


@audit.command("check")
def check(
    proof: Annotated[Path, typer.Argument(help="The proof, as `tocsin audit prove` wrote it.")],
    key: Annotated[str, typer.Option(metavar="KEY", help="The log's public key.")],
    held: Annotated[
        Path | None, typer.Option(metavar="FILE", help="For growth: the checkpoint that you hold.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check a proof that somebody sent, without the log.

    Exit code 0: it holds. Exit code 1: it does not, and why.

    Example: tocsin audit check proof.json --key "$(cat log.pub)"
    """
    from tocsin.share.audit import check_proof
    from tocsin.share.audit.note import read_public_key

    try:
        told = json.loads(_text(proof))
    except ValueError as error:
        raise UsageError("The proof is no JSON.", where=str(proof)) from error
    before = _checkpoint(held) if held else None
    why, shown = check_proof(told, read_public_key(key), before)
    if as_json:
        print_json({"holds": not why, "why": why, **shown})
    else:
        typer.echo(f"It does not hold: {why}." if why else "It holds.")
        for name, value in shown.items():
            typer.echo(f"  {name}: {value}")
    if why:
        raise typer.Exit(1)


@audit.command("report")
def report(
    database: DatabaseArgument,
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="The first day, in UTC.")],
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="The last day, in UTC.")],
) -> None:
    """Write the report for the public, as JSON: what was decided on public objects, and why.

    What was done to anything else is counted and nothing more, and nobody is named. Read it before
    you publish it: reasons are people's own words.

    Example: tocsin audit report server-data --from 2026-01-01 --to 2026-12-31 > report.json
    """
    from datetime import date

    from tocsin.errors import require

    require("sqlalchemy", extra="server")
    from tocsin.share.server.desk.disclosing import disclose

    days = []
    for name, told in (("--from", first), ("--to", last)):
        try:
            days.append(date.fromisoformat(told))
        except ValueError as error:
            remedy = "Write it as 2026-01-31."
            raise UsageError(f"'{told}' is no day.", where=name, remedy=remedy) from error
    if days[0] > days[1]:
        raise UsageError("The first day is after the last.", where="--from")
    with _open(database).connect() as connection:
        print_json(disclose(connection, *days))


def _open(place: str) -> Engine:
    from tocsin.errors import require

    require("sqlalchemy", extra="exchange")
    from tocsin.share.audit.tables import open_database

    inside = Path(place) / "server.db"
    return open_database(str(inside) if inside.is_file() else place)


def _checkpoint(path: Path) -> Checkpoint:
    from tocsin.share.audit.checkpoint import read_checkpoint
    from tocsin.share.audit.note import read_note

    return read_checkpoint(read_note(_text(path)))


def _text(path: Path) -> str:
    if not path.is_file():
        raise UsageError("There is no such file.", where=str(path))
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError("The file is no text in UTF-8.", where=str(path)) from error


def _as_dict(found: Verification) -> dict[str, Any]:
    return {
        "whole": found.whole,
        "entries": found.size,
        "root": found.root.hex(),
        "covered": found.covered,
        "uncovered": found.size - found.covered,
        "uncovered_since": found.uncovered_since and found.uncovered_since.isoformat(),
        "erased": found.erased,
        "waiting": found.waiting,
        "findings": [vars(one) for one in found.findings],
    }


def _print(found: Verification) -> None:
    typer.echo(f"{'The log is whole' if found.whole else 'The log is NOT whole'}: "
               f"{found.size:,} entries, root {found.root.hex()}.")  # fmt: skip
    typer.echo(f"  Covered by checkpoints of others: the first {found.covered:,} entries.")
    if found.uncovered_since:
        typer.echo(
            f"  Not covered: {found.size - found.covered:,} entries, the first made at "
            f"{found.uncovered_since:%Y-%m-%d %H:%M:%S} UTC. Its owner could rewrite these."
        )
    if found.erased:
        typer.echo(f"  Erased: what {found.erased:,} entries say of people; they still count.")
    if found.waiting:
        typer.echo(f"  Waiting for a place in the log: {found.waiting:,} acts.")
    for one in found.findings:
        typer.echo(f"  {one.where}: {one.what}. {one.remedy}".rstrip())
