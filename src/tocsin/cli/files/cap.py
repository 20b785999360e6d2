"""`tocsin cap`: check messages of the Common Alerting Protocol, and write one's own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import checked_row, print_findings, print_json
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.share.cap import CheckedMessage

cap = typer.Typer(
    no_args_is_help=True, help="Warnings in the Common Alerting Protocol: check them, write them."
)


@cap.command("check")
def check(
    files: Annotated[list[Path], typer.Argument(help="Messages or feeds, or folders of them.")],
    trust: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Certificates (PEM) to trust; say it again for more."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check messages: are they valid, intact and signed by somebody you trust?

    Exit code 0: all are valid (warnings are told). Exit code 1: some are not, with the reasons
    and their lines. Nothing is fetched.

    Example: tocsin cap check warning.xml --trust office.pem
    """
    from tocsin.share.cap import check as check_messages

    paths = [path for one in files for path in _files(one)]
    found = check_messages(
        {str(path): path.read_bytes() for path in paths},
        trust=[_bytes(path) for path in trust or ()],
    )
    if as_json:
        print_json([_as_dict(one) for one in found])
    else:
        for one in found:
            _print(one)
    if not all(one.valid for one in found):
        raise typer.Exit(1)


@cap.command("write")
def write(
    out: Annotated[
        Path,
        typer.Option(metavar="DIR", help="Where to write; earlier messages there are followed up."),
    ],
    sender: Annotated[str, typer.Option(help="Your own address or domain.")],
    status: Annotated[str, typer.Option(help="Actual, Exercise, System, Test or Draft.")] = "Draft",
    name: Annotated[str, typer.Option(help="The sender's name in words.")] = "",
    note: Annotated[str, typer.Option(help="Which exercise it is, or what else to know.")] = "",
    sent: Annotated[
        str | None, typer.Option(metavar="TIME", help="For exercises: 2026-11-26T08:00:00-00:00.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Sign each with this private key (PEM).")
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The certificate of the key (PEM).")
    ] = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Write the alerts that stand as messages: new ones, updates, and cancels of what ended.

    Where nothing changed since the messages in the folder, nothing is written. With --key and
    --certificate each message is signed as a whole.

    Example: tocsin cap write --out warnings --sender warnings@example.org --status Exercise
    """
    from tocsin.base.atomic import check_folder, write_bytes
    from tocsin.share.cap import Sender, sign, warnings
    from tocsin.share.cap.structure import parse_time
    from tocsin.workspace.store import Workspace

    moment = parse_time(sent) if sent else datetime.now(UTC).replace(microsecond=0)
    if moment is None:
        raise UsageError(f"'{sent}' is no time.", remedy="Write it as 2026-11-26T08:00:00-00:00.")
    if (key is None) != (certificate is None):
        raise UsageError("To sign, give both --key and --certificate.")
    signer = (_bytes(key), _bytes(certificate)) if key and certificate else None
    check_folder(out)
    who = Sender(sender, status, moment, name, note)
    before = {path.name: path.read_bytes() for path in sorted(out.glob("*.xml"))}
    with Workspace.open(workspace) as opened:
        tables = {one: opened.read(one) for one in ("alerts", "alert_rules", "alert_record")}
        region, target = opened.settings.region.gwnos, opened.settings.target
        made = warnings(tables, who, before=before, territories=region, target=target)
    sent_out = {
        file: sign(content, *signer) if signer else content
        for file, content in made.messages.items()
    }
    out.mkdir(parents=True, exist_ok=True)
    for file, content in sent_out.items():
        write_bytes(out / file, content)
    if as_json:
        print_json(
            {"files": [str(out / file) for file in made.messages], "left_out": made.left_out}
        )
        return
    for file in made.messages:
        typer.echo(out / file)
    for reason in made.left_out:
        typer.echo(f"Left out: {reason}.")
    if not made.messages and not made.left_out:
        typer.echo("Nothing has changed; no message was written.")


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        inside = sorted(one for one in path.iterdir() if one.suffix.lower() in SUFFIXES)
        if not inside:
            raise UsageError("The folder holds no messages.", where=str(path))
        return inside
    if not path.is_file():
        raise UsageError("There is no such file.", where=str(path))
    return [path]


SUFFIXES = {".xml", ".cap", ".atom", ".rss", ".edxlde"}


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise UsageError("There is no such file.", where=str(path))
    return path.read_bytes()


def _as_dict(one: CheckedMessage) -> dict[str, Any]:
    signature = vars(one.signature) if one.signature else None
    return checked_row(one) | {"version": one.version, "signature": signature}


def _print(one: CheckedMessage) -> None:
    """The answers in words, then each finding on lines of its own."""
    version = f" CAP {one.version}" if one.version else ""
    typer.echo(f"{one.name}: {'valid' if one.valid else 'NOT valid'}{version}")
    if one.summary:
        typer.echo(f"  Says: {one.summary}")
    if one.signature:
        answer = {True: "holds", False: "does not hold", None: "could not be read"}
        typer.echo(f"  Signature: {answer[one.signature.intact]}")
        known = {True: "trusted", False: "not trusted", None: "cannot be told"}
        typer.echo(
            f"  Its certificate: when sent {known[one.signature.trusted_when_sent]}, "
            f"now {known[one.signature.trusted_now]}"
            + (f" ({one.signature.trust_reason})" if one.signature.trust_reason else "")
        )
    print_findings(one)
