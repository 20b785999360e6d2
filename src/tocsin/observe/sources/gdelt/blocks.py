"""Whole blocks of GDELT lines at once.

Columns are parsed with Polars. Only what is plain beyond doubt is decided here; every other
line goes to `gdelt.event`, which decides it alone. So the two can not disagree, and a test
holds them to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.observe.checks.places import TOLERANCE_KM, day_of_last_change, outside
from tocsin.observe.checks.seen import Seen
from tocsin.observe.checks.values import Refused
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch, frame_of
from tocsin.observe.sources.gdelt.cameo import EVENTS, SCOPE, CodedActor, coded_actor, event_type
from tocsin.observe.sources.gdelt.events import (
    COLUMNS,
    DATE_PRECISION,
    PLACE_PRECISION,
    SOURCE,
    event,
    first_level,
    kept_of,
    record,
)
from tocsin.schema import TABLES, empty
from tocsin.schema.geography.territory import by_fips, fips_codes

CHUNK = 32 * 2**20
"""Bytes of lines parsed at once: some 80,000 rows."""

_SIDE = ("Code", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code",
         "Religion2Code", "Type1Code", "Type2Code", "Type3Code")  # fmt: skip
_USED = sorted(
    {"GlobalEventID", "Day", "MonthYear", "Year", "IsRootEvent", "EventCode", "EventRootCode",
     "QuadClass", "NumSources", "ActionGeo_Type", "ActionGeo_FullName", "ActionGeo_CountryCode",
     "ActionGeo_Lat", "ActionGeo_Long", "DATEADDED", "SOURCEURL",
     *(f"Actor{n}{name}" for n in "12" for name in _SIDE)},
    key=COLUMNS.index,
)  # fmt: skip
_TAB, _FEED, _RETURN = 9, 10, 13
_ID = r"^[1-9][0-9]{0,17}$"
_DAY = r"^(19[5-9][0-9]|20[0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$"
_ADDED = r"^[0-9]{14}$"
_MOMENT = r"^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$"
_EVENT = r"^(0[1-9]|1[0-9]|20)[0-9]{1,2}$"
_NUMBER = r"^-?[0-9]{1,3}(\.[0-9]{1,12})?$"
_PLACE = r"^([A-Za-z]([A-Za-z0-9 ,.'()/-]*[A-Za-z0-9.')])?)?$"
_ADDRESS = r"^(\S(.*\S)?)?$"
_PUBLISHER = r"^https?://(?:www\.)?([A-Za-z0-9.-]{1,253})(?:[:/?#]|$)"


def read_blocks(source: Source) -> Iterator[Batch]:
    """Read a file of GDELT events, whole blocks of lines at once.

    Args:
        source: the file.

    Yields:
        Batches, at least one; records that break a rule are in `quarantine`.
    """
    seen, number, found = Seen(), 0, False
    for chunk in chunks(source.blocks()):
        lines = Lines(chunk, number)
        yield _batch(lines, source.name, seen)
        number, found = number + len(lines.starts), True
    if not found:
        yield Batch(SOURCE, 0, 0, {})


def chunks(blocks: Iterable[bytes], size: int = CHUNK) -> Iterator[bytes]:
    """Gather bytes into pieces that end after a line feed.

    Args:
        blocks: the file's bytes, in pieces of any length.
        size: about how many bytes a piece should have.

    Returns:
        The same bytes in order. Only the last piece may end without a line feed.
    """
    parts: list[bytes] = []
    total = 0
    for block in blocks:
        cut = block.rfind(b"\n") + 1
        if total + len(block) < size or not cut:
            parts.append(block)
            total += len(block)
            continue
        yield b"".join([*parts, block[:cut]])
        parts, total = [block[cut:]], len(block) - cut
    if rest := b"".join(parts):
        yield rest


class Lines:
    """The lines of a chunk of bytes: where each begins and ends, and which are plain.

    A plain line is ASCII without controls and has the right number of tabs.
    """

    def __init__(self, chunk: bytes, before: int) -> None:
        self.chunk, self.before = chunk, before
        self._data = data = np.frombuffer(chunk, dtype=np.uint8)
        # One pass finds every byte that is not printable ASCII: less than 32 wraps around.
        marks = np.flatnonzero((data - np.uint8(32)) > 94)
        kinds = data[marks]
        feeds = marks[kinds == _FEED]
        self.ends = feeds + 1
        if not len(feeds) or feeds[-1] < len(data) - 1:
            self.ends = np.append(self.ends, len(data))
        self.starts = np.concatenate([[0], self.ends[:-1]])
        returns = feeds[data[np.maximum(feeds - 1, 0)] == _RETURN] - 1
        odd = np.setdiff1d(marks[(kinds != _FEED) & (kinds != _TAB)], returns)
        self.plain = self._count(marks[kinds == _TAB]) == len(COLUMNS) - 1
        self.plain &= self._count(odd) == 0

    def _count(self, positions: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """How many of some sorted positions lie on each line."""
        counts: npt.NDArray[np.int64] = np.diff(np.searchsorted(positions, self.ends), prepend=0)
        return counts

    def number(self, at: int) -> int:
        """Return the number of the record on a line; there is no header, so the first is 1."""
        return self.before + at + 1

    def original(self, at: int) -> bytes:
        """Return the bytes of a line, with its end."""
        return self.chunk[self.starts[at] : self.ends[at]]

    def parse(self) -> pl.DataFrame:
        """Parse the plain lines into columns of text.

        Returns:
            One row a plain line: the columns that tocsin uses, and `at`, the line's position in
            the chunk.
        """
        at = np.flatnonzero(self.plain)
        if not len(at):
            return pl.DataFrame(schema=dict.fromkeys(_USED, pl.String) | {"at": pl.UInt32})
        wanted = self.chunk
        if len(at) < len(self.plain):
            keep = np.repeat(self.plain, self.ends - self.starts)
            wanted = self._data[keep].tobytes()
        frame = pl.read_csv(
            wanted.replace(b"\r\n", b"\n") if b"\r" in wanted else wanted,
            has_header=False,
            separator="\t",
            quote_char=None,
            infer_schema=False,
            columns=[COLUMNS.index(name) for name in _USED],
        )
        frame.columns = list(_USED)
        return frame.fill_null("").with_columns(pl.Series("at", at, dtype=pl.UInt32))


def _batch(lines: Lines, file: str, seen: Seen) -> Batch:
    plain = lines.parse()
    fast, outside = _decide(plain)
    certain = np.zeros(len(lines.starts), dtype=bool)
    certain[fast["at"].to_numpy()] = True
    certain[outside] = True
    slow, corrections, refused, blank = _one_by_one(lines, np.flatnonzero(~certain), file)
    reports = pl.concat([_reports(fast, lines.before, file), slow]).sort("source_row")
    again = _duplicates(reports, seen)
    refused += [
        _quarantine_row(lines, row - lines.before - 1, file, native, Refused(
            "duplicate", f"The same record came before, as number {earlier}."))
        for row, native, earlier in again
    ]  # fmt: skip
    twice = [row for row, _, _ in again]
    reports, corrections = (
        frame.filter(~pl.col("source_row").is_in(twice)) for frame in (reports, corrections)
    )
    quarantine = frame_of("quarantine", refused).sort("source_row")
    rows = len(lines.starts) - blank
    accepted = rows - quarantine.height
    tables = {"reports": reports, "corrections": corrections, "quarantine": quarantine}
    return Batch(SOURCE, rows, accepted, tables, accepted - reports.height)


def _decide(plain: pl.DataFrame) -> tuple[pl.DataFrame, npt.NDArray[np.uint32]]:
    """Rows that are reports, ready but for their names; and lines that are surely outside."""
    sound = (
        pl.col("GlobalEventID").str.contains(_ID)
        & pl.col("Day").str.contains(_DAY)
        & pl.col("IsRootEvent").is_in(["0", "1"])
        & pl.col("QuadClass").is_in(["1", "2", "3", "4"])
        & pl.col("EventCode").str.contains(_EVENT)
        & (pl.col("EventRootCode") == pl.col("EventCode").str.slice(0, 2))
        & pl.col("Day").str.to_date("%Y%m%d", strict=False).is_not_null()
        & pl.col("DATEADDED").str.contains(_ADDED)
        & (pl.col("Day") <= pl.col("DATEADDED").str.slice(0, 8))
    )
    harm = pl.any_horizontal(pl.col("EventCode").str.starts_with(code) for code in SCOPE)
    units = {code: by_fips(code) for code in fips_codes()}
    nowhere = ["", *(code for code, unit in units.items() if unit is None)]
    placeless = pl.col("ActionGeo_Type").is_in(list("012345")) & (
        (pl.col("ActionGeo_Type") == "0") | pl.col("ActionGeo_CountryCode").is_in(nowhere)
    )
    rows = plain.filter(sound).with_columns(harm=harm)
    known = pl.col("EventCode").is_in(list(EVENTS))
    outside = rows.filter(~pl.col("harm") | (known & placeless))["at"].to_numpy()
    gwnos = {code: unit.gwno for code, unit in units.items() if unit}
    names = {code: unit.name for code, unit in units.items() if unit}
    parts = {code: unit.part for code, unit in units.items() if unit}
    latitude, longitude = (pl.col(f"ActionGeo_{name}") for name in ("Lat", "Long"))
    country = pl.col("ActionGeo_CountryCode")
    candidates = rows.filter(
        pl.col("harm") & known,
        pl.col("ActionGeo_Type").is_in(list("12345")),
        latitude.str.contains(_NUMBER) & longitude.str.contains(_NUMBER),
        pl.col("ActionGeo_FullName").str.contains(_PLACE),
        pl.col("Year") == pl.col("Day").str.slice(0, 4),
        pl.col("MonthYear") == pl.col("Day").str.slice(0, 6),
        pl.col("NumSources").str.contains("^[1-9][0-9]{0,5}$"),
        pl.col("SOURCEURL").str.contains(_ADDRESS),
    ).with_columns(
        day=pl.col("Day").str.to_date("%Y%m%d"),
        gwno=country.replace_strict(gwnos, default=None, return_dtype=pl.Int64),
        territory=country.replace_strict(names, default=None, return_dtype=pl.String),
        part=country.replace_strict(parts, default=None, return_dtype=pl.String),
        latitude=latitude.cast(pl.Float64),
        longitude=longitude.cast(pl.Float64),
    )
    candidates = candidates.filter(
        pl.col("gwno").is_not_null(),
        pl.col("latitude").is_between(-90, 90),
        pl.col("longitude").is_between(-180, 180),
        pl.col("day") >= day_of_last_change(),
    )
    return _with_sides(_within(candidates)), outside


def _within(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows whose point lies in their country."""
    keys, on = ["gwno", "part", "latitude", "longitude"], day_of_last_change()
    points = rows.select(keys).unique()
    near = [
        (outside(gwno, north, east, on=on, part=part) or 0.0) <= TOLERANCE_KM
        for gwno, part, north, east in points.iter_rows()
    ]
    return rows.join(
        points.filter(pl.Series(near, dtype=pl.Boolean)), on=keys, how="semi", nulls_equal=True
    )


def _with_sides(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with `a` and `b`, the sides made from their codes; not those with a bad code."""
    for side, number in (("a", "1"), ("b", "2")):
        columns = [f"Actor{number}{name}" for name in _SIDE]
        combined = rows.select(columns).unique()
        found = [_side(values) for values in combined.iter_rows()]
        sides = combined.with_columns(
            pl.Series(f"actor_{side}_id", [f and f.code for f in found], dtype=pl.String),
            pl.Series(f"actor_{side}", [f and f.name for f in found], dtype=pl.String),
            pl.Series(f"target_{side}", [f and f.target for f in found], dtype=pl.String),
        ).filter(pl.Series([f is not None for f in found], dtype=pl.Boolean))
        rows = rows.join(sides, on=columns, how="inner", maintain_order="left")
    return rows


def _side(values: tuple[str, ...]) -> CodedActor | None:
    try:
        return coded_actor(values)
    except ValueError:
        return None


def _reports(rows: pl.DataFrame, before: int, file: str) -> pl.DataFrame:
    """Decided rows as rows of `reports`."""
    types = rows.select("EventCode", "target_a", "target_b").unique()
    kinds = [event_type(*values) for values in types.iter_rows()]
    types = types.with_columns(pl.Series("event_type", kinds, dtype=pl.String))
    rows = rows.join(
        types, on=["EventCode", "target_a", "target_b"], nulls_equal=True, maintain_order="left"
    )
    place, kind = pl.col("ActionGeo_FullName"), pl.col("ActionGeo_Type").cast(pl.Int64)
    places = rows.select(place, kind).unique()
    levels = [first_level(name or None, number) for name, number in places.iter_rows()]
    places = places.with_columns(pl.Series("adm1", levels, dtype=pl.String))
    rows = rows.with_columns(kind).join(
        places, on=["ActionGeo_FullName", "ActionGeo_Type"], maintain_order="left"
    )
    made = rows.with_columns(
        report_id=pl.lit(f"{SOURCE}:") + pl.col("GlobalEventID"),
        native_id="GlobalEventID",
        source_file=pl.lit(file),
        source_row=pl.col("at").cast(pl.Int64) + before + 1,
        date_start="day",
        date_end="day",
        date_prec=pl.lit(DATE_PRECISION),
        place_prec=kind.replace_strict(PLACE_PRECISION, return_dtype=pl.Int64),
        place=pl.when(place != "").then(place),
        category="EventCode",
        target="target_b",
        notes=pl.col("EventCode").replace_strict(EVENTS, return_dtype=pl.String),
        publisher=pl.col("SOURCEURL").str.extract(_PUBLISHER).str.to_lowercase(),
        n_sources=pl.col("NumSources").cast(pl.Int64),
        updated=pl.col("DATEADDED").str.replace(_MOMENT, "$1-$2-${3}T$4:$5:$6.000000Z"),
        source=pl.lit(SOURCE),
    )
    schema = empty(TABLES["reports"]).schema
    return made.select(
        (pl.col(name) if name in made.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schema.items()
    )


def _one_by_one(
    lines: Lines, at: npt.NDArray[np.int64], file: str
) -> tuple[pl.DataFrame, pl.DataFrame, list[dict[str, Any]], int]:
    """Lines that were not plain, or not certain: reports with corrections, quarantine, blanks."""
    reports: list[dict[str, Any]] = []
    corrections: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    blank = 0
    for one in at.tolist():
        original = lines.original(one)
        if not original.rstrip(b"\r\n"):
            blank += 1
            continue
        found = record(lines.number(one), original)
        try:
            rows = event(found, file)
            reports += rows.get("reports", [])
            corrections += rows.get("corrections", [])
        except Refused as refusal:
            native = found.fields.get("GlobalEventID") or None
            refused.append(_quarantine_row(lines, one, file, native, refusal))
    return frame_of("reports", reports), frame_of("corrections", corrections), refused, blank


def _quarantine_row(
    lines: Lines, at: int, file: str, native: str | None, refusal: Refused
) -> dict[str, Any]:
    return {
        "source_file": file,
        "source_row": lines.number(at),
        "line": lines.number(at),
        "native_id": native,
        "column": refusal.column,
        "value": refusal.value,
        "rule": refusal.rule,
        "reason": refusal.reason,
        "original": kept_of(lines.original(at)),
        "source": SOURCE,
    }


def _duplicates(reports: pl.DataFrame, seen: Seen) -> list[tuple[int, str, int]]:
    """Rows whose id came before: their number, their id, and the number that it came with."""
    keys = reports["native_id"].cast(pl.UInt64).to_numpy()
    numbers = reports["source_row"].to_numpy()
    earlier = seen.before(keys).astype(np.int64)
    _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    here = numbers[first][place]
    earlier = np.where(earlier > 0, earlier, np.where(here < numbers, here, 0))
    new = earlier == 0
    seen.add(keys[new], numbers[new].astype(np.uint32))
    again = np.flatnonzero(~new)
    ids = reports["native_id"]
    return [(int(numbers[i]), ids[int(i)], int(earlier[i])) for i in again]
