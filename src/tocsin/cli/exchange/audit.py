"""`tocsin audit`: is the log of who did what whole, and how is that shown to others?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from tocsin.cli.options import JsonOption
from tocsin.cli.output import print_json, working
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

    from tocsin.share.audit.checkpoint import Checkpoint
    from tocsin.share.audit.note import PublicKey
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
    of the log was rewritten, and the answer says so ("looked_at" in the JSON, where "covered" is
    then null). Exit code 0: nothing is wrong in what was looked at. Exit code 1: something is.

    Example: tocsin audit verify server-data --key "$(cat log.pub)" --held partner-checkpoint.txt
    """
    from tocsin.share.audit import verify as verify_log
    from tocsin.share.audit.note import read_note, read_public_key
    from tocsin.share.audit.pieces import cores

    notes = [read_note(_text(path)) for path in held or ()]
    partners = [read_public_key(one) for one in partner or ()]
    log = read_public_key(key) if key else None
    _hold_to_kinds(log, partners)
    with working("Computing every hash", quiet=as_json), _open(database).connect() as connection:
        found = verify_log(connection, key=log, partners=partners, held=notes, processes=cores())
        losses = _losses(connection)
    looked_at = _LookedAt(log is not None, len(partners), len(notes))
    if as_json:
        print_json(_as_dict(found, looked_at) | {"losses": losses})
    else:
        _print(found, looked_at)
        _print_losses(losses)
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
    cosigned_by: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="The same, since what this witness cosigned last of it."),
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
    from tocsin.share.audit.note import read_public_key
    from tocsin.share.audit.proof import prove_cosigned

    if sum(one is not None for one in (event, since, cosigned_by)) != 1:
        remedy = "Give an entry, --since FILE, or --cosigned-by KEY."
        raise UsageError("Say what is to be proved.", remedy=remedy)
    witness = read_public_key(cosigned_by) if cosigned_by else None
    _hold_to_kinds(None, [witness] if witness else [], option="--cosigned-by")
    with _open(database).connect() as connection:
        if witness is not None:
            print_json(prove_cosigned(connection, witness))
        elif since is not None:
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


def _hold_to_kinds(
    log: PublicKey | None, partners: list[PublicKey], *, option: str = "--partner"
) -> None:
    """A log's key and a witness's look alike, and with the wrong one nothing would be found."""
    from tocsin.share.audit.note import COSIGNED

    if any(one.kind != COSIGNED for one in partners):
        raise UsageError(
            "This is the key of a log, with which nobody cosigns.",
            where=option, remedy="Give the partner's witness.pub.",
        )  # fmt: skip
    if log is not None and log.kind == COSIGNED:
        raise UsageError(
            "This is the key of a witness, with which no log is signed.",
            where="--key", remedy="Give the log's own log.pub.",
        )  # fmt: skip


class _LookedAt(NamedTuple):
    """What was given to hold the log to."""

    key: bool
    partners: int
    held: int


def _as_dict(found: Verification, given: _LookedAt) -> dict[str, Any]:
    others = bool(given.partners or given.held)
    return {
        "whole": found.whole,
        "entries": found.size,
        "root": found.root.hex(),
        "looked_at": {"own_signatures": given.key, "checkpoints_of_others": others},
        "covered": found.covered if others else None,
        "uncovered": found.size - found.covered if others else None,
        "uncovered_since": (
            found.uncovered_since.isoformat() if others and found.uncovered_since else None
        ),
        "erased": found.erased,
        "waiting": found.waiting,
        "findings": [vars(one) for one in found.findings],
    }


def _print(found: Verification, given: _LookedAt) -> None:
    right = "The log is whole" if found.covered else "The log agrees with itself"
    typer.echo(f"{right if found.whole else 'The log is NOT whole'}: "
               f"{found.size:,} entries, root {found.root.hex()}.")  # fmt: skip
    typer.echo("  Looked at: every entry's hash, and that the kept tree and checkpoints fit them.")
    if not given.key:
        typer.echo("  Not looked at: the log's own signatures. Give --key with its public key.")
    if not (given.partners or given.held):
        typer.echo(
            "  Not looked at: checkpoints that others hold or cosigned. So it is not known whether "
            "its owner rewrote all of it. Give --partner with a partner's public key, or --held."
        )
    else:
        _print_covered(found, given)
    if found.erased:
        typer.echo(f"  Erased: what {found.erased:,} entries say of people; they still count.")
    if found.waiting:
        typer.echo(f"  Waiting for a place in the log: {found.waiting:,} acts.")
    for one in found.findings:
        typer.echo(f"  {one.where}: {one.what}. {one.remedy}".rstrip())


def _losses(connection: Connection) -> list[dict[str, Any]]:
    """What the log says of entries that are gone: its own, and those of logs that we cosigned."""
    from tocsin.share.audit.act import read_public

    found = [
        {"at": at.isoformat(), "act": kind, **public}
        for kind in ("restore", "accept loss")
        for at, public in read_public(connection, kind)
    ]
    return sorted(found, key=lambda one: str(one["at"]))


def _print_losses(losses: list[dict[str, Any]]) -> None:
    for one in losses:
        day = str(one["at"])[:10]
        if one["act"] == "restore":
            typer.echo(f"  Restored on {day}: what came after {one['backup']} is not in this log.")
            continue
        typer.echo(
            f"  Accepted on {day}: the log '{one['log']}' lost {one['missing']:,} entries that "
            "were cosigned. The checkpoint that it does not continue:"
        )
        for line in str(one["cosigned"]).splitlines():
            typer.echo(f"    {line}".rstrip())


def _print_covered(found: Verification, given: _LookedAt) -> None:
    """How much of the log somebody else vouches for, with those who were asked."""
    asked = [
        f"{count} {word}{'s' if count > 1 else ''}"
        for count, word in ((given.partners, "partner's key"), (given.held, "held checkpoint"))
        if count
    ]
    typer.echo(
        f"  Covered by checkpoints of others ({' and '.join(asked)}): "
        f"the first {found.covered:,} of {found.size:,} entries."
    )
    if given.partners and not found.covered:
        typer.echo("  No checkpoint in the log is cosigned with a key that was given.")
    if found.uncovered_since:
        typer.echo(
            f"  Not covered: {found.size - found.covered:,} entries, the first made at "
            f"{found.uncovered_since:%Y-%m-%d %H:%M:%S} UTC. Its owner could rewrite these."
        )
