"""The contract of a step: what it reads, needs, writes and is told, declared beside its function.

A stage of the road is one step or several: `anticipate`, for one, forecasts, raises alerts and
tracks past forecasts. Each step is one `Step`, called `STEP`, in the package that holds its
function. Whoever runs it (`tocsin.workspace.runner`) lets it read only what it declares.

>>> def count(tables: Tables, given: Given) -> dict[str, pl.DataFrame]:
...     return {"claims": tables["claims"].head(given.settings.horizon)}
>>> Step("count", room="observe", function=count, reads=("claims",), writes=("claims",),
...     settings=("horizon",)).inputs
()
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import polars as pl

from tocsin.base.about import STAGES
from tocsin.schema.settings import Settings

Room = Literal["observe", "assess", "anticipate", "plan", "share"]
"""One of the five stages of the road (`tocsin.base.about.STAGES`), the room of a step."""

Tables = Mapping[str, pl.DataFrame]
Tell = Callable[[str, float | None], None]
"""Is told what long work is doing now, and what part of it is done (0 to 1, None: unknown)."""


VERBS = {"diffuse": "anticipate", "parts": "plan parts", "decide": "actors", "judge": "adoption"}
"""The verbs that run a step, where it has another name. `tocsin diffuse` asks for files."""


def verb(name: str) -> str:
    """Give the verb of the command line that runs a step in a workspace.

    Args:
        name: of the step.

    >>> verb("diffuse"), verb("assess")
    ('anticipate', 'assess')
    """
    return VERBS.get(name, name)


def say_nothing(_words: str, _part: float | None = None) -> None:
    """Show nothing: the `Tell` for callers who want no signs of progress."""


def in_words(say: Callable[[str], object]) -> Tell:
    """Tell in words alone, for callers who draw no bar.

    >>> in_words(print)("Playing futures", 0.5)
    Playing futures: 50%
    """

    def tell(words: str, part: float | None) -> None:
        say(words if part is None else f"{words}: {part:.0%}")

    return tell


@dataclass(frozen=True)
class Reference:
    """Says that a side file means something by a name that another step's side file declares."""

    step: str
    """The other step."""
    table: str
    """A table of that step in which the names stand once it has run."""
    column: str
    check: Callable[[Path, Callable[[], Collection[str]]], object]
    """Reads the file, asks for the names where it uses any, and raises `UsageError` for one that is
    none of them."""


@dataclass(frozen=True)
class SideFile:
    """A file beside the settings on which a step depends, such as the rules of alerts."""

    name: str
    """Its name in the workspace's folder."""
    shipped: Path
    """The file of the package that holds where the workspace has none of its own."""
    check: Callable[[Path], object]
    """Reads it and raises `UsageError` where it is not understood."""
    names: Callable[[Path], Collection[str]] | None = None
    """Reads the names that it declares, where files of other steps may mean something by them."""
    refers: Reference | None = None
    """What it means by names of another step's file."""


@dataclass(frozen=True)
class Given:
    """What a step is given beside its tables."""

    settings: Settings
    """The settings, of which only those that the step declares can be read; so is the seed."""
    run_id: str = ""
    """Id of the run that computes it; empty in a step that takes from outside."""
    started_at: str = ""
    """When the run began: UTC, ISO 8601, to the second."""
    files: Mapping[str, Path] = field(default_factory=dict)
    """Where each of its side files is, by name."""
    asked: Mapping[str, Any] = field(default_factory=dict)
    """What the caller asked for beyond the settings: a path to read, a folder to write to."""
    tell: Tell = say_nothing


@dataclass(frozen=True)
class Made:
    """What a step made, where that is more than a set of tables."""

    batches: Iterable[Tables] = ()
    """Tables, in as many parts as it likes; drawn once."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """Of a step that takes from outside: the name and the digest of what it took."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Of a step that takes from outside: how it was taken."""
    files: tuple[Path, ...] = ()
    """Files written for people, outside the workspace's tables."""
    answer: Any = None
    """What the caller is told at once."""


@dataclass(frozen=True)
class Settled:
    """A setting that follows from the tables, where its default cannot be worked with."""

    name: str
    """The setting, without dots."""
    value: str
    why: str
    """Why it is this value: the end of a sentence."""


@dataclass(frozen=True)
class Step:
    """One step of the road, declared beside its function.

    Args:
        name: the verb; runs of the step are stored under it.
        room: the stage to which it belongs.
        function: takes the tables and what is `Given`; returns tables by name, or `Made`.
        reads: tables that it reads, all of them and no other.
        needs: those of them that may not be empty.
        writes: tables that it makes, all of them at each run.
        settings: those that it uses, as `region.gwnos` where it uses a part of one.
        seeded: it draws random numbers, all of them from `settings.seed`.
        files: side files on which it depends.
        provenance: it also reads which run wrote each row.
        takes: it takes from outside what somebody hands in (files, decisions). Its rows are
            added to those that are there, and it is never out of date.
        cached: its tables follow from its inputs, its settings and the seed alone, no plug-in has
            a part in them, and they take long. They are kept beyond the workspace, and taken from
            there where another workspace asks for the same. A function says whether that holds for
            the side files and settings that are given.
        ahead: it is worth computing on what is there while a long step before it runs, since what
            takes long in it follows from tables that are there by then, and is kept in the cache.
            Nothing else of what is computed ahead is used.
        prepare: gives what can be done while a long step before it runs, if the whole of it cannot:
            to compile its programs, for one. It follows from the settings and side files alone,
            keeps what it makes in the cache, and may be left out or fail without any result being
            another; None stands for nothing to do.
        settle: finds a setting that was left at its default, where the tables show that the default
            cannot be meant and that one other value can. It is asked before the step runs, reads
            what the step declares, and what it finds is written into the settings and said.

    Raises:
        ValueError: a table is needed that is not read, or the room is none of the five stages.
    """

    name: str
    room: Room
    function: Callable[[Tables, Given], Tables | Made]
    reads: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    seeded: bool = False
    files: tuple[SideFile, ...] = ()
    provenance: bool = False
    takes: bool = False
    cached: bool | Callable[[Given], bool] = False
    ahead: bool = False
    prepare: Callable[[Given], Callable[[], object]] | None = None
    settle: Callable[[Tables, Settings], Settled | None] | None = None

    def __post_init__(self) -> None:
        if not set(self.needs) <= set(self.reads) or self.room not in STAGES:
            raise ValueError(f"The step '{self.name}' is declared wrongly.")

    @property
    def inputs(self) -> tuple[str, ...]:
        """Return the tables that decide the step's result: those it reads, without those it
        writes itself.
        """
        return tuple(name for name in self.reads if name not in self.writes)

    @property
    def uses(self) -> tuple[str, ...]:
        """Return the settings that the step may read, with the seed among them if the step is
        seeded.
        """
        return (*self.settings, "seed") if self.seeded else self.settings
