"""What the command line shows while steps run: a bar on a terminal, a plain line a step else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import TaskID

    from tocsin.workspace.runner import OnProgress
    from tocsin.workspace.runner import Progress as Now

WIDTH = 11
"""Characters of the longest step's name, and one more."""


@contextmanager
def showing(*, quiet: bool) -> Iterator[OnProgress]:
    """Show on standard error how a walk goes.

    Args:
        quiet: True shows nothing, as where machines read the output.

    Yields:
        A function that functions of `tocsin.workspace.road` take as `on_progress`.
    """
    if quiet:
        yield lambda _now: None
    elif sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield _Lines(sys.stderr).show


class _Lines:
    """A line a step: its name when it begins, its seconds when it ends."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._open = False

    def show(self, now: Now) -> None:
        name = f"{now.step:<{WIDTH}}"
        if now.state == "begun":
            self._write(f"\n{name}" if self._open else name)
            self._open = True
        elif now.state == "done":
            self._write(f"{now.seconds:6.1f} s\n")
            self._open = False
        elif now.state == "kept":
            self._write(f"{name}  as it was\n")
        elif now.state == "left out":
            self._write(f" left out: {now.words}\n" if self._open else f"{name} {now.words}\n")
            self._open = False

    def _write(self, text: str) -> None:
        self._out.write(text)
        # A pipe would hold the words back until it is full.
        self._out.flush()


@contextmanager
def _bar() -> Iterator[OnProgress]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[words]}"),
    )
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:

        def show(now: Now) -> None:
            if now.step not in tasks:
                tasks[now.step] = bars.add_task(now.step, total=None, words="")
            task = tasks[now.step]
            if now.state == "begun":
                bars.reset(task, total=None, words="")
            elif now.state == "working":
                total = None if now.part is None else 1.0
                bars.update(task, total=total, completed=now.part or 0.0, words=now.words)
            else:
                words = {"kept": "as it was", "left out": "left out"}.get(now.state, "")
                bars.update(task, total=1.0, completed=1.0, words=words)
                bars.stop_task(task)

        yield show
