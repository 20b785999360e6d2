"""The command line: thin over the functions, one file a verb."""

from __future__ import annotations

import gc
import io
import os
import sys
import warnings
from typing import NoReturn

import typer

from tocsin.base.about import VERSION
from tocsin.cli.output import TRACEBACK, print_error, print_warning, unforeseen
from tocsin.cli.stop import Stopped, stopped_words, watch_for_stop
from tocsin.cli.verbs import MARKUP, Verbs
from tocsin.errors import TocsinError

COLLECTED = 100_000
"""Things made between two looks for those that hold themselves."""

app = typer.Typer(
    name="tocsin",
    cls=Verbs,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=MARKUP,
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


def main() -> None:
    """Run the command `tocsin`, and end the process with its exit code.

    The code is 0 if the work is done, 1 if it is not finished, and 2 if the command is wrong.
    """
    watch_for_stop()
    # Files are read into many small records, of which none holds itself: to look for such ones
    # after each 700 costs a tenth of the reading.
    gc.set_threshold(COLLECTED)
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
        sys.stderr.write(stopped_words())
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
