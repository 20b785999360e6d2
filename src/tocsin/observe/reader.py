"""What a reader of a source is, and how its records become rows or quarantine.

A reader yields batches, so that a file of any length fits in memory. Most readers parse
record by record and leave the rest to `parse_records`; one that parses whole columns builds its
batches itself.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import polars as pl

from tocsin.errors import SourceRefused, TableInvalid, TocsinError
from tocsin.observe.checks.doubt import correction_rows
from tocsin.observe.checks.grading import grade
from tocsin.observe.checks.letters import letters
from tocsin.observe.checks.private import NOTHING, Keep, bare
from tocsin.observe.checks.seen import Seen, hash_keys
from tocsin.observe.checks.values import Refused
from tocsin.observe.formats.records import Record, some_records
from tocsin.observe.formats.source import Source
from tocsin.schema import STAGE_TABLES, TABLES, conform, empty

BATCH = 20_000
"""Records a batch, where they are parsed one by one."""

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Batch:
    """Some records of a file, and what became of them.

    `tables` holds any tables of `observe` but `files`; each record is either in
    `quarantine` or counted in `accepted`. `outside` counts those among the accepted that are
    sound, but tell of nothing that the tables hold (a handshake in a file of all events).
    """

    source: str
    rows: int
    accepted: int
    tables: Mapping[str, pl.DataFrame]
    outside: int = 0


class Reader(Protocol):
    """A source. A third party offers one as an entry point in the group `tocsin.readers`."""

    kind: str
    """Short name of the source, as `files` records it."""

    def knows(self, source: Source) -> bool:
        """Tell whether this is a file of the source, from `source.header` or `source.head`."""
        ...

    def read(self, source: Source) -> Iterator[Batch]:
        """Read the file in batches, at least one, in the order of its records."""
        ...


@dataclass
class Reading:
    """A file that is being read: iterate over it for its tables; the table `files` comes last."""

    source: Source
    reader: Reader
    fate: dict[str, Any] = field(default_factory=dict)
    """The row of `files`, once all is read."""
    rows: int = 0
    """Records read so far."""

    def __iter__(self) -> Iterator[dict[str, pl.DataFrame]]:
        """Tables with rows, batch by batch. Whoever stores them checks their rules.

        Raises:
            SourceRefused: the file turned out to be damaged; what came before must not be kept.
            TableInvalid: the reader lost rows.
        """
        name, counts = self.reader.kind, dict.fromkeys(("rows", "accepted", "outside"), 0)
        quarantined = 0
        for batch in self._batches():
            name = batch.source
            refused = batch.tables["quarantine"].height if "quarantine" in batch.tables else 0
            if batch.rows != batch.accepted + refused:
                raise TableInvalid(
                    f"{batch.rows} rows, {batch.accepted} accepted, {refused} in quarantine.",
                    where=f"{self.source.name}, reader '{self.reader.kind}'",
                )
            quarantined += refused
            for key in counts:
                counts[key] += getattr(batch, key)
            self.rows = counts["rows"]
            yield {key: frame for key, frame in batch.tables.items() if frame.height}
        if not self.rows:
            self.source.tell("Nothing was read: it holds no record below its header.")
        self.fate = {
            "file": self.source.name,
            "sha256": self.source.sha256,
            "kind": self.reader.kind,
            **counts,
            "quarantined": quarantined,
            "source": name,
        }
        yield {"files": frame_of("files", [self.fate])}

    def _batches(self) -> Iterator[Batch]:
        """The batches; whatever a reader stumbles over is a refusal of this file, not of others.

        A library may end in a panic, which is no `Exception`.
        """
        try:
            yield from self.reader.read(self.source)
        except TocsinError:
            raise
        except (Exception, pl.exceptions.PanicException) as error:
            first = (str(error).splitlines() or [""])[0]
            raise SourceRefused(
                f"The reader '{self.reader.kind}' fails on it ({type(error).__name__}: {first}).",
                where=self.source.name,
                remedy="Save it as CSV (UTF-8), and observe that; tell who keeps tocsin.",
            ) from error

    def tables(self) -> dict[str, pl.DataFrame]:
        """Read the whole file at once.

        Returns:
            Every table of `observe` by name, checked, and empty where nothing came.

        Raises:
            SourceRefused: the file turned out to be damaged.
            TableInvalid: the reader lost rows, or broke the declaration of a table.
        """
        parts: dict[str, list[pl.DataFrame]] = {}
        for tables in self:
            for name, frame in tables.items():
                parts.setdefault(name, []).append(frame)
        return {
            name: conform(TABLES[name], pl.concat(parts[name]))
            if name in parts
            else empty(TABLES[name])
            for name in STAGE_TABLES["observe"]
        }


def need(
    source: Source,
    kind: str,
    columns: Iterable[str],
    *,
    older: Mapping[str, str] | None = None,
    names: Iterable[str] | None = None,
) -> None:
    """Refuse the whole file if a column that every record needs is not there.

    Args:
        source: the file.
        kind: the reader's kind, for the remedy.
        columns: the names that are needed.
        older: other names that columns may have, and the names that are meant.
        names: the names that are there; None: those of the header.

    Raises:
        SourceRefused: names the columns that are missing.
    """
    there = source.header if names is None else names
    found = {(older or {}).get(name, name) for name in there}
    missing = [name for name in columns if name not in found]
    if missing:
        raise SourceRefused(
            f"Columns are missing: {', '.join(missing)}.",
            where=source.name,
            remedy=f"A file of the kind '{kind}' has them; see docs/sources.",
        )


def parse_records(
    records: Iterable[Record],
    parse: Callable[[Record], Rows],
    key: Callable[[Rows], Sequence[Hashable]],
    *,
    source: str,
    file: str,
    native_id: str | None = None,
    older: Sequence[int] = (),
    called: Mapping[str, str] | None = None,
    keep: Keep = NOTHING,
    size: int = BATCH,
    same: str = "",
) -> Iterator[Batch]:
    """Parse each record; one that breaks a rule, or whose key came before, is refused.

    What is only doubtful in a report is put right as the rules of `checks.grading` say, and
    written down in `corrections`.

    Args:
        records: the records, in order.
        parse: gives the rows of one record, by table; none at all if it is sound but
            outside of what the tables hold. Raises `Refused`.
        key: what may come only once in a file, told from the rows.
        source: data set and version, written to every row that does not say it itself.
        file: the file's name.
        native_id: the field with the source's own id, for quarantine.
        older: numbers of records that stand in a newer version too (`older_versions`), the newest
            first. They are parsed after all others, so that one counts only where the newer
            version is refused.
        called: the file's own name of a column, where a reason or a row of `reports` names
            another.
        keep: gives those fields of a refused record that quarantine may hold: the ones that the
            reader reads (`checks.private.of_columns`). Without it none is kept, since a column
            that nobody reads may name persons.
        size: records a batch.
        same: what a record whose key came before is, where the rest of it may differ.

    Yields:
        Batches of at most `size` records, in the order of the records; those in `older` come last.
    """
    seen, origin, waiting = (
        Seen(),
        _Origin(source, file, native_id, called or {}, keep, same),
        dict[int, Record](),
    )
    late = frozenset(older)

    def current() -> Iterator[Record]:
        for record in records:
            if record.number in late:
                waiting[record.number] = record
            elif record.fault or any(record.fields.values()):
                # A spreadsheet ends its text by rows of nothing but separators.
                yield record

    ready, any_yet = current(), False
    while (some := some_records(ready, size)) or not any_yet:
        any_yet = True
        yield _batch(some, parse, key, seen, origin)
    held = [waiting[number] for number in older if number in waiting]
    if held:
        yield _batch(held, parse, key, seen, replace(origin, superseded=True))


@dataclass(frozen=True)
class _Origin:
    source: str
    file: str
    native_id: str | None
    called: Mapping[str, str]
    keep: Keep
    same: str = ""
    superseded: bool = False
    """Are these older versions of records?"""

    def repeat_words(self, earlier: int) -> tuple[str, str]:
        """The rule and the reason by which a record is refused that is there already."""
        if self.superseded:
            return "superseded", f"A newer version of the record stands as number {earlier}."
        same = self.same or ("A record of the same id" if self.native_id else "The same record")
        return "duplicate", f"{same} came before, as number {earlier}."

    def heading(self, column: str) -> str:
        return self.called.get(column, column)

    def grade_reports(self, record: Record, rows: Rows) -> Rows:
        """The rows of a record, its reports graded, with what was doubtful in them."""
        if "reports" not in rows:
            return rows
        reports, corrections = [], list(rows.get("corrections", ()))
        for row in rows["reports"]:
            kept, doubts = grade(row)
            doubts += letters(record, row, self.keep)
            reports.append(kept)
            corrections += correction_rows(doubts, kept, record.sheet_line, self.heading)
        return {**rows, "reports": reports, "corrections": corrections}

    def refusal_row(self, record: Record, refusal: Refused) -> dict[str, Any]:
        native, column = record.fields.get(self.native_id or ""), refusal.column
        heading = self.heading(column or "")
        return {
            "source_file": self.file,
            "source_row": record.number,
            "line": record.sheet_line,
            "native_id": str(native) if native else None,
            "column": column and heading,
            "value": refusal.value,
            "rule": refusal.rule,
            "reason": refusal.reason.replace(f"'{column}'", f"'{heading}'"),
            "original": bare(record, self.keep),
            "source": self.source,
        }


def _batch(
    records: list[Record],
    parse: Callable[[Record], Rows],
    key: Callable[[Rows], Sequence[Hashable]],
    seen: Seen,
    origin: _Origin,
) -> Batch:
    parsed: list[tuple[Record, Rows | Refused, list[int]]] = []
    for record in records:
        try:
            if record.fault:
                raise Refused(*record.fault)
            rows = origin.grade_reports(record, parse(record))
            keys = hash_keys(key(rows)).tolist() if rows else []
            parsed.append((record, rows, keys))
        except Refused as refusal:
            parsed.append((record, refusal, []))
    known = _earlier_rows(seen, [one for _, _, keys in parsed for one in keys])
    new: dict[int, int] = {}
    kept: Rows = {}
    outside = 0
    for record, result, keys in parsed:
        earlier = next((number for one in keys if (number := known.get(one) or new.get(one))), 0)
        if earlier:
            outcome: Rows | Refused = Refused(*origin.repeat_words(earlier))
        else:
            outcome = result
        if isinstance(outcome, Refused):
            kept.setdefault("quarantine", []).append(origin.refusal_row(record, outcome))
            continue
        new.update(dict.fromkeys(keys, record.number))
        outside += not outcome
        for table, found in outcome.items():
            kept.setdefault(table, []).extend(found)
    seen.add(np.array(list(new), dtype=np.uint64), list(new.values()))
    tables = {name: frame_of(name, found) for name, found in kept.items()}
    refused = len(kept.get("quarantine", []))
    return Batch(origin.source, len(records), len(records) - refused, tables, outside)


def _earlier_rows(seen: Seen, keys: list[int]) -> dict[int, int]:
    numbers = seen.before(np.array(keys, dtype=np.uint64)).tolist()
    return {one: number for one, number in zip(keys, numbers, strict=True) if number}


def parse_events(
    records: Iterable[Record],
    rows: Callable[..., Rows],
    *,
    source: str,
    file: str,
    native_id: str,
    older: Sequence[int] = (),
    called: Mapping[str, str] | None = None,
    keep: Keep = NOTHING,
    key: Callable[[Rows], Hashable] = lambda found: found["reports"][0]["native_id"],
) -> Iterator[Batch]:
    """Parse the records of a source that tells of one event in each, as `parse_records` does.

    Args:
        records: the records, in order.
        rows: gives the rows of one record, from its fields and the keywords `source`, `file`
            and `number`.
        source, file, native_id, older, called, keep: as `parse_records` takes them.
        key: what may come only once in a file; by default the event's own id.
    """
    return parse_records(
        records,
        lambda record: rows(record.fields, source=source, file=file, number=record.number),
        lambda found: [key(found)],
        source=source,
        file=file,
        native_id=native_id,
        older=older,
        called=called,
        keep=keep,
    )


def frame_of(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Make a frame of a table's rows with the table's types; its rules are not checked yet."""
    return pl.DataFrame(rows, schema=empty(TABLES[name]).schema)


def actors_last(batches: Iterable[Batch]) -> Iterator[Batch]:
    """Gather the actors of batches, which sources tell of event by event, into one more batch.

    Yields:
        The batches without their actors, and one that holds the actors with all their territories.
    """
    found: dict[str, dict[str, Any]] = {}
    gwnos: dict[str, set[int]] = {}
    source = ""
    for batch in batches:
        source, tables = batch.source, dict(batch.tables)
        actors = tables.pop("actors", None)
        for row in actors.to_dicts() if actors is not None else ():
            found.setdefault(row["actor_id"], row)
            gwnos.setdefault(row["actor_id"], set()).update(map(int, row["gwnos"].split()))
        yield replace(batch, tables=tables)
    rows = [
        row | {"gwnos": " ".join(map(str, sorted(gwnos[actor_id])))}
        for actor_id, row in sorted(found.items())
    ]
    if rows:
        yield Batch(source, 0, 0, {"actors": frame_of("actors", rows)})
