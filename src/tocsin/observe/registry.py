"""The readers by name: which sources tocsin can read, its own and those of other packages.

A new source is one file in `sources/` and one line here. Another package adds one by an entry
point in the group `tocsin.readers`: docs/extend.md.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from tocsin.base.registry import Door, Entry
from tocsin.errors import PluginFailed, PluginWarning, TableInvalid
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch, Reader
from tocsin.schema import STAGE_TABLES, TABLES, conform

Maker = Callable[[], Reader]
"""Makes a reader; a class of readers is one."""
WRITES = tuple(name for name in STAGE_TABLES["observe"] if name != "files")
"""The tables that a reader may give rows of."""


@dataclass
class Guest:
    """A reader of another package, whose batches are checked one by one."""

    entry: Entry
    reader: Reader
    kind: str = field(init=False)
    """What the reader calls its source."""

    def __post_init__(self) -> None:
        self.kind = str(self.reader.kind)

    def knows(self, source: Source) -> bool:
        """Ask whether the reader knows the file; a reader that raises does not, and a warning
        says so.
        """
        try:
            with self.entry.blamed():
                return bool(self.reader.knows(source))
        except PluginFailed as error:
            warnings.warn(f"{error} ({source.name})", PluginWarning, stacklevel=4)
            return False

    def read(self, source: Source) -> Iterator[Batch]:
        """Read the file by the reader, and check each batch against the tables' rules.

        Args:
            source: the file.

        Yields:
            The batches, their tables with declared columns and types.

        Raises:
            PluginFailed: the reader raised, or gave what is no batch or breaks a table's rules.
        """
        with self.entry.blamed():
            for batch in self.reader.read(source):
                yield self._check(batch)

    def _check(self, batch: Any) -> Batch:
        if not isinstance(batch, Batch):
            raise self.entry.failure(f"gave {type(batch).__name__}, where a Batch is needed")
        tables = {}
        for name, frame in batch.tables.items():
            if name not in WRITES or not isinstance(frame, pl.DataFrame):
                raise self.entry.failure(f"gave '{name}', which is no table that a reader fills")
            try:
                tables[name] = conform(TABLES[name], frame)
            except TableInvalid as error:
                raise self.entry.failure(f"gave a wrong table '{name}': {error.what}") from error
        return replace(batch, tables=tables)


def admit(entry: Entry, loaded: Any) -> Maker:
    """Take what a package offers as a maker of readers.

    Args:
        entry: what is known of the offer, for errors.
        loaded: the thing itself, which should be a class of readers or a function that makes one.

    Returns:
        A function that gives the reader, wrapped as a `Guest`.

    Raises:
        PluginFailed: it cannot be called, what it makes is no reader, or its kind is one of
            tocsin's own.
    """
    if not callable(loaded):
        raise entry.failure("is no class of readers")
    with entry.blamed():
        made = loaded()
    lacking = [name for name in ("kind", "knows", "read") if not hasattr(made, name)]
    if lacking:
        raise entry.failure(f"makes what is no reader: it has no '{lacking[0]}'")
    if READERS.is_own(str(made.kind)):
        raise entry.failure(f"calls its source '{made.kind}', as one of tocsin's own is called")
    return lambda: Guest(entry, made)


READERS: Door[Maker] = Door(
    kind="reader",
    group="tocsin.readers",
    own={
        "ucdp-ged": "tocsin.observe.sources.ucdp_ged:UcdpGed",
        "ucdp-actors": "tocsin.observe.sources.ucdp_actors:UcdpActors",
        "ucdp-external-support": (
            "tocsin.observe.sources.networks.external_support:ExternalSupport"
        ),
        "acled": "tocsin.observe.sources.acled:Acled",
        "acled-deletions": "tocsin.observe.sources.acled:AcledDeletions",
        "gtd": "tocsin.observe.sources.gtd:Gtd",
        "eurepoc": "tocsin.observe.sources.eurepoc:EuRepoC",
        "gdelt-events": "tocsin.observe.sources.gdelt.reader:GdeltEvents",
        "stix": "tocsin.observe.sources.stix:Stix",
        "field-form": "tocsin.observe.sources.kobo:FieldForm",
        "ties": "tocsin.observe.sources.networks.tie_list:TieList",
        "adoptions": "tocsin.observe.sources.networks.adoption_list:AdoptionList",
        "country-month": "tocsin.observe.sources.country_month:CountryMonth",
        "country-year": "tocsin.observe.sources.country_year:CountryYear",
    },
    admit=admit,
    meaning="reads the files of one source into reports, series and other tables",
    reserved=("mapping",),
)
"""Where a reader is found by the name of its source."""


def readers() -> list[Reader]:
    """Make the readers that ship with tocsin, then those that other packages offer.

    One of theirs that cannot be loaded is left out with a `PluginWarning` that names it and its
    package: it must not keep the others from reading.

    Returns:
        The readers, in the order in which they are asked whether they know a file.
    """
    return [make() for make in READERS.all()]
