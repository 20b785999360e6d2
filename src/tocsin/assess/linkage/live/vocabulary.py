"""What the names in a new report mean to a picture that stands: places, sides, categories.

The batch joins spellings and learns aliases over all reports at once (`names`, `classes`); here a
new name is looked up among what was learned, then by its spelling, else it is a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from math import cos, floor, radians

import polars as pl

from tocsin.assess.linkage.names.folding import actor_key, fold, is_unit, place_key
from tocsin.errors import require
from tocsin.schema.geography.distance import flat_km

PLACE, SIDE = (86.0, 30.0), 88.0
"""Least likeness of spelling (0 to 100) and most kilometres, as `join_spellings` has them."""
CELL = 0.3
"""Degrees of latitude of the cells in which places are looked up: no less than PLACE's reach."""
Code = tuple[int, int]
Point = tuple[float, float]


class Vocabulary:
    """The numbers that the batch gave to names, growing with new names."""

    def __init__(
        self, records: pl.DataFrame, categories: Sequence[str], known: Mapping[str, str]
    ) -> None:
        """Read the numbers off records that `link.link_records` gave classes."""
        self.categories = tuple(categories)
        self.known = known
        self.points = _medians(records, "place_id")
        self.middles = _medians(records, "adm_id")
        self.places = _Names(
            _table(records, ["place"], ["place_id"]), place_key, PLACE[0], points=self.points
        )
        self.units = _Names(_table(records, ["adm1"], ["adm_id"]), place_key, PLACE[0])
        sides = {
            **_table(records, ["actor_b"], ["b_fine", "b_broad"]),
            **_table(records, ["actor_a"], ["a_fine", "a_broad"]),
        }
        self.sides = _Names(sides, lambda text: actor_key(text, known), SIDE, initials=True)
        self.broad_places = {fold(name) for (name,) in self.units.codes}
        dyads = records.filter(~pl.col("rare")).select(
            pl.min_horizontal("a_broad", "b_broad").alias("one"),
            pl.max_horizontal("a_broad", "b_broad").alias("two"),
        )
        self.common = set(dyads.unique().rows())
        self.codes: dict[str, dict[tuple[str, ...], Code]] = {}
        for name in self.categories:
            column = name if name in records.columns else _column(records, name)
            kinds = [f"{name}_fine", f"{name}_broad"]
            self.codes[name] = _table(records, ["source", column], kinds)
            for (_, value), code in list(self.codes[name].items()):
                self.codes[name][("", value.casefold())] = code
        self.columns = {
            name: name if name in records.columns else _column(records, name)
            for name in self.categories
        }

    def encode(self, reports: pl.DataFrame) -> pl.DataFrame:
        """Add to reports the numbers that comparisons read.

        Args:
            reports: rows as `records.records` makes them; its place and unit numbers, which
                mean nothing here, are replaced.

        Returns:
            The reports with `place_id`, `adm_id`, `lat`, `lon` (degrees), `coarse`, `rare`, and
            the classes `a_fine, a_broad, b_fine, b_broad` and `NAME_fine, NAME_broad` of each
            category.
        """
        place, unit, lat, lon, coarse = self._where(reports)
        a = [self._side(text) for text in reports["actor_a"].to_list()]
        b = [self._side(text) for text in reports["actor_b"].to_list()]
        dyads = [sorted((x[1], y[1])) for x, y in zip(a, b, strict=True)]
        rare = [(one, two) not in self.common for one, two in dyads]
        found: dict[str, pl.Series] = {
            "place_id": pl.Series(place, dtype=pl.Int32),
            "adm_id": pl.Series(unit, dtype=pl.Int32),
            "lat": pl.Series(lat, dtype=pl.Float64),
            "lon": pl.Series(lon, dtype=pl.Float64),
            "coarse": pl.Series(coarse, dtype=pl.Boolean),
            "rare": pl.Series(rare, dtype=pl.Boolean),
        }
        for prefix, codes in (("a", a), ("b", b)):
            found[f"{prefix}_fine"] = pl.Series([c[0] for c in codes], dtype=pl.Int32)
            found[f"{prefix}_broad"] = pl.Series([c[1] for c in codes], dtype=pl.Int32)
        sources = reports["source"].to_list()
        for name in self.categories:
            values: list[str | None] = [None] * reports.height
            if self.columns[name] in reports.columns:
                values = reports[self.columns[name]].to_list()
            codes = [self._code(name, s, v) for s, v in zip(sources, values, strict=True)]
            found[f"{name}_fine"] = pl.Series([c[0] for c in codes], dtype=pl.Int32)
            found[f"{name}_broad"] = pl.Series([c[1] for c in codes], dtype=pl.Int32)
        return reports.with_columns(**found)

    def _where(
        self, reports: pl.DataFrame
    ) -> tuple[list[int], list[int], list[float | None], list[float | None], list[bool]]:
        place, unit, lats, lons, coarse = [], [], [], [], []
        rows = reports.select("place", "adm1", "lat", "lon", "coarse").iter_rows()
        for name, adm, lat, lon, rough in rows:
            number = self._place(name, lat, lon)
            within = self.units.find(adm)[0] if adm is not None else -1
            # A place without a point borrows the one that others give it, else its unit's.
            lent = self.points.get(number)
            middle = self.middles.get(within) if lent is None else None
            point = (lat, lon) if lat is not None else lent or middle or (None, None)
            place.append(number)
            unit.append(within)
            lats.append(point[0])
            lons.append(point[1])
            coarse.append(bool(rough) or (lat is None and middle is not None))
        return place, unit, lats, lons, coarse

    def _place(self, name: str | None, lat: float | None, lon: float | None) -> int:
        if name is None:
            return -1
        known = self.places.codes.get((name,))
        if known is not None:
            return known[0]
        if lat is None or lon is None or is_unit(name) or fold(name) in self.broad_places:
            return self.places.find(name)[0]
        return self.places.find(name, (lat, lon))[0]

    def _side(self, text: str | None) -> Code:
        return (-1, -1) if text is None else self.sides.find(text)

    def _code(self, name: str, source: str, value: str | None) -> Code:
        if value is None:
            return (-1, -1)
        codes = self.codes[name]
        code = codes.get((source, value)) or codes.get(("", value.casefold()))
        if code is None:
            fresh = 1 + max((c for pair in codes.values() for c in pair), default=0)
            code = (fresh, fresh)
        codes[(source, value)] = codes[("", value.casefold())] = code
        return code


class _Names:
    """Texts with their numbers, and keys of spelling to find new texts by."""

    def __init__(
        self,
        codes: dict[tuple[str, ...], Code],
        key: Callable[[str], str | None],
        least: float,
        *,
        initials: bool = False,
        points: dict[int, Point] | None = None,
    ) -> None:
        self.codes = codes
        self.points = {} if points is None else points
        self.key = key
        self.least = least
        self.keys: dict[str, Code] = {}
        for (text,), code in sorted(codes.items()):
            name = key(text)
            if name:
                self.keys.setdefault(name, code)
        self.listed = list(self.keys)
        # Of places: the names by cell, and those that nobody placed.
        self.near: dict[tuple[int, int], list[str]] = {}
        self.adrift: list[str] = []
        for name in self.listed if points is not None else ():
            self._put(name, self.points.get(self.keys[name][0]))
        self.short: dict[str, Code] = {}
        for name, code in self.keys.items() if initials else ():
            words = name.replace(",", " ").split()
            if len(words) > 2:
                self.short.setdefault("".join(word[0] for word in words), code)
        self.fresh = 1 + max((number for code in codes.values() for number in code), default=0)

    def find(self, text: str, point: Point | None = None) -> Code:
        """The numbers of a text; a new name gets new ones, and keeps them.

        A new name with a point is like known names only where these are near, or nobody knows.
        """
        code = self.codes.get((text,))
        if code is None:
            code = self.codes[(text,)] = self._meet(text, point)
        return code

    def _meet(self, text: str, point: Point | None) -> Code:
        name = self.key(text)
        if not name:
            return (-1, -1)
        code = self.keys.get(name) or self.short.get(name)
        if code is None and len(name) >= 4:
            code = self._alike(name, point)
        if code is None:
            code = (self.fresh, self.fresh)
            self.fresh += 1
            self.listed.append(name)
            if point is not None:
                self.points[code[0]] = point
            self._put(name, point)
        self.keys[name] = code
        return code

    def _put(self, name: str, point: Point | None) -> None:
        if point is None:
            self.adrift.append(name)
        else:
            self.near.setdefault(_cell(*point), []).append(name)

    def _alike(self, name: str, point: Point | None) -> Code | None:
        require("rapidfuzz", extra="assess")
        from rapidfuzz import fuzz, process

        names = self.listed
        if point is not None:
            cells = (_cell(point[0] + CELL * y, point[1]) for y in (-1, 0, 1))
            around = ((y, x + step) for y, x in cells for step in (-1, 0, 1))
            names = [*self.adrift, *chain.from_iterable(self.near.get(c, ()) for c in around)]
        found = process.extract(
            name, names, scorer=fuzz.ratio, score_cutoff=self.least, limit=5, processor=None
        )
        codes = [self.keys[other] for other, _, _ in found]
        return next((code for code in codes if self._reach(code, point)), None)

    def _reach(self, code: Code, point: Point | None) -> bool:
        """Whether a place may be at a point."""
        other = self.points.get(code[0])
        if point is None or other is None:
            return True
        return float(flat_km(*point, *other)) <= PLACE[1]


def _cell(lat: float, lon: float) -> tuple[int, int]:
    """A cell no narrower than it is high, at any latitude but the poles'."""
    row = floor(lat / CELL)
    edge = min(max(abs(row), abs(row + 1)) * CELL, 85.0)
    return row, floor(lon * cos(radians(edge)) / CELL)


def _column(records: pl.DataFrame, name: str) -> str:
    """The column of records that a category was read from (`extra_` and its name, made plain)."""
    for column in records.columns:
        plain = "".join(c if c.isalnum() and c.isascii() else "_" for c in column).lower()
        if column.startswith("extra_") and plain == name:
            return column
    return name


def _table(
    records: pl.DataFrame, texts: Sequence[str], numbers: Sequence[str]
) -> dict[tuple[str, ...], Code]:
    """Texts to their (fine, broad) numbers; where there is one number, it is both."""
    used = records.select(*texts, *numbers).drop_nulls().unique().sort(*texts, *numbers)
    width = len(texts)
    return {tuple(row[:width]): (int(row[width]), int(row[-1])) for row in used.iter_rows()}


def _medians(records: pl.DataFrame, key: str) -> dict[int, tuple[float, float]]:
    """Number of a place to the median of its points."""
    found = (
        records.filter(pl.col(key).is_not_null(), pl.col("lat").is_not_null())
        .group_by(key)
        .agg(pl.col("lat").median(), pl.col("lon").median())
    )
    return {int(k): (float(a), float(o)) for k, a, o in found.iter_rows()}
