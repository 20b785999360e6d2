"""The command line: thin over the functions, one file a verb."""

from __future__ import annotations

import io
import os
import sys
import warnings
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from tocsin.base.about import VERSION
from tocsin.cli import bench
from tocsin.cli.exchange import audit, pull
from tocsin.cli.files import (
    backtest,
    cap,
    diffuse,
    enforce,
    exercise,
    forecast,
    link,
    networks,
    stix,
)
from tocsin.cli.look import (
    actors,
    adoption,
    cache,
    export,
    incidents,
    plugins,
    quarantine,
    territories,
)
from tocsin.cli.output import TRACEBACK, print_error, print_warning, unforeseen
from tocsin.cli.road import (
    anticipate,
    assess,
    brief,
    calibrate,
    init,
    observe,
    share,
    status,
)
from tocsin.cli.server import backup, collect, neighbours, publish, serve, webhooks
from tocsin.cli.stop import STOPPED, Stopped, watch_for_stop
from tocsin.cli.watch import alerts, track
from tocsin.errors import TocsinError

ROAD = "The road, in order"
AROUND = "Around the road"
ROAD_VERBS = ("init", "observe", "assess", "anticipate", "plan", "share")


class Verbs(TyperGroup):
    """The verbs in the order of the road; Typer lists those with verbs below them last."""

    def list_commands(self, ctx: Any) -> list[str]:
        """List the road's verbs in order, then all others."""
        names = super().list_commands(ctx)
        return [*ROAD_VERBS, *(one for one in names if one not in ROAD_VERBS)]


app = typer.Typer(
    name="tocsin",
    cls=Verbs,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help=(
        "An early-warning workbench: see how asymmetric technology spreads in a region, know "
        "how sure you may be, and choose responses that hold up.\n\n"
        "Start with **tocsin brief**: it walks the whole road on the example region."
    ),
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tocsin {VERSION}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True),
) -> None:
    """Options of the command itself."""


app.command("init", rich_help_panel=ROAD)(init.init)
app.command("observe", rich_help_panel=ROAD)(observe.observe)
app.command("assess", rich_help_panel=ROAD)(assess.assess)
app.command("anticipate", rich_help_panel=ROAD)(anticipate.anticipate)
app.add_typer(calibrate.app, name="plan", rich_help_panel=ROAD)
app.command("share", rich_help_panel=ROAD)(share.share)
app.command("brief", rich_help_panel=AROUND)(brief.brief)
app.command("actors", rich_help_panel=AROUND)(actors.actors)
app.command("adoption", rich_help_panel=AROUND)(adoption.adoption)
app.command("incidents", rich_help_panel=AROUND)(incidents.incidents)
app.command("export", rich_help_panel=AROUND)(export.export)
app.command("status", rich_help_panel=AROUND)(status.status)
app.command("quarantine", rich_help_panel=AROUND)(quarantine.quarantine)
app.command("alerts", rich_help_panel=AROUND)(alerts.alerts)
app.command("cache", rich_help_panel=AROUND)(cache.cache)
app.command("backtest", rich_help_panel=AROUND)(backtest.backtest)
app.command("diffuse", rich_help_panel=AROUND)(diffuse.diffuse)
app.command("enforce", rich_help_panel=AROUND)(enforce.enforce)
app.command("exercise", rich_help_panel=AROUND)(exercise.exercise)
app.command("forecast", rich_help_panel=AROUND)(forecast.forecast)
app.command("track", rich_help_panel=AROUND)(track.track)
app.add_typer(audit.audit, name="audit", rich_help_panel=AROUND)
app.add_typer(cap.cap, name="cap", rich_help_panel=AROUND)
app.add_typer(stix.stix, name="stix", rich_help_panel=AROUND)
app.add_typer(bench.bench, name="bench", rich_help_panel=AROUND)
app.command("pull", rich_help_panel=AROUND)(pull.pull)
app.command("link", rich_help_panel=AROUND)(link.link)
app.command("networks", rich_help_panel=AROUND)(networks.networks)
app.command("backup", rich_help_panel=AROUND)(backup.backup)
app.command("restore", rich_help_panel=AROUND)(backup.restore)
app.command("collect", rich_help_panel=AROUND)(collect.collect)
app.command("publish", rich_help_panel=AROUND)(publish.publish)
app.command("serve", rich_help_panel=AROUND)(serve.serve)
app.add_typer(neighbours.neighbours, name="neighbours", rich_help_panel=AROUND)
app.add_typer(webhooks.webhooks, name="webhooks", rich_help_panel=AROUND)
app.command("plugins", rich_help_panel=AROUND)(plugins.plugins)
app.command("territories", rich_help_panel=AROUND)(territories.territories)


def main() -> None:
    """Run the command `tocsin`, and end the process with its exit code.

    The code is 0 if the work is done, 1 if it is not finished, and 2 if the command is wrong.
    """
    watch_for_stop()
    warnings.showwarning = print_warning
    for stream in (sys.stdout, sys.stderr):
        # A sign of a file that the terminal lacks is written as its number, and ends no verb.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except TocsinError as error:
        _fail(error)
    except Stopped:
        sys.stderr.write(STOPPED)
        sys.stderr.flush()
        # Threads of libraries that are still at work would be waited for.
        os._exit(1)
    except (SystemExit, KeyboardInterrupt, GeneratorExit):
        raise
    # A library may end in a panic, which is no `Exception`.
    except BaseException as error:
        if os.environ.get(TRACEBACK):
            raise
        _fail(unforeseen(error))


def _fail(error: TocsinError) -> NoReturn:
    print_error(error, as_json="--json" in sys.argv)
    sys.exit(error.exit_code)
