"""`tocsin stix`: check files of STIX 2.1, and write one's own."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import checked_row, print_findings, print_json
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.share.stix import Checked

stix = typer.Typer(
    no_args_is_help=True, help="Threat intelligence in STIX 2.1: check it, write it."
)


@stix.callback()
def _stix() -> None:
    """Threat intelligence in STIX 2.1: check it, write it."""


@stix.command("check")
def check(
    files: Annotated[list[Path], typer.Argument(help="Bundles, or folders of .json files.")],
    as_json: JsonOption = False,
) -> None:
    """Check files: are they valid, and will partners read their markings as they are meant?

    Exit code 0: all are valid (warnings are told). Exit code 1: some are not, with the reasons
    and their lines. Nothing is fetched.

    Example: tocsin stix check bundle.json
    """
    from tocsin.share.stix import check as check_files

    paths: list[Path] = []
    for one in files:
        found = sorted(one.glob("*.json")) if one.is_dir() else [one]
        if not found or not all(path.is_file() for path in found):
            raise UsageError("There is no such file, or no .json in the folder.", where=str(one))
        paths += found
    checked = check_files({str(path): path.read_bytes() for path in paths})
    if as_json:
        print_json([checked_row(told) for told in checked])
    else:
        for told in checked:
            _print(told)
    if not all(told.valid for told in checked):
        raise typer.Exit(1)


@stix.command("write")
def write(
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="Where to write; an earlier bundle is followed up.")
    ],
    sender: Annotated[str, typer.Option(help="The organisation that sends.")],
    tlp: Annotated[
        str, typer.Option(help="How far it may go: CLEAR, GREEN, AMBER, AMBER+STRICT or RED.")
    ] = "AMBER",
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Write warnings, forecasts, and who has which technology class, as one bundle.

    Objects that did not change since the earlier bundle keep their versions; those that no longer
    stand are revoked.

    Example: tocsin stix write --out warnings.json --sender "Early Warning Office" --tlp GREEN
    """
    from tocsin.base.atomic import check_target, write_bytes
    from tocsin.share.stix import Producer
    from tocsin.share.stix import write as write_bundle
    from tocsin.workspace.store import Workspace

    check_target(out)
    producer = Producer(sender, tlp.upper(), datetime.now(UTC))
    before = out.read_bytes() if out.exists() else None
    with Workspace.open(workspace) as opened:
        tables = {name: opened.read(name) for name in READS}
        content = write_bundle(tables, opened.settings, producer, before=before)
    changed = content != before
    if changed:
        write_bytes(out, content)
    objects = json.loads(content)["objects"]
    told = Counter(one["type"] for one in objects)
    if as_json:
        print_json({"file": str(out), "changed": changed, "objects": dict(told)})
    else:
        words = ", ".join(f"{count} {kind}" for kind, count in sorted(told.items()))
        typer.echo(f"{out}: {words}" if changed else "Nothing has changed; nothing was written.")


READS = (
    "alerts", "alert_rules", "alert_record", "forecasts", "track_record", "adoption", "actors",
)  # fmt: skip
"""The tables of a workspace that are written as STIX."""


def _print(told: Checked) -> None:
    """What a file holds, and each finding on a line of its own."""
    # In a valid file the version is spoken of only where it is the older one.
    older = any(one.rule == "version" for one in told.findings)
    valid = f"valid STIX {'2.0' if older else '2.1'}"
    typer.echo(f"{told.name}: {valid if told.valid else 'NOT valid'}")
    if told.summary:
        typer.echo(f"  Holds: {told.summary}")
    print_findings(told)
