"""Real events told again by imperfect sources: the seeded noise model of the linkage bench.

Every row of UCDP GED is taken as one event. Each source then leaves events out, tells some
twice or in two parts, tells two neighbours as one, moves and blurs dates and places, spells
names its own way, drops or swaps sides, and miscounts. docs/methods/linkage.md has the table.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from tocsin.schema.geography.distance import KM_PER_DEGREE, great_circle_km

Row = dict[str, Any]


@dataclass(frozen=True)
class Noise:
    """What a source gets wrong, as probabilities unless another unit is named."""

    omit: float
    move_date: float
    days: float  # mean size of a move, days
    blur_date: float  # only a range of days is given
    blur_days: int  # its greatest length
    jitter: float
    km: float  # median size of a jitter
    coarsen: float  # only the administrative unit is known
    misspell: float
    alias: float
    no_actor: float
    swap: float
    miscount: float
    factor: float  # spread of the log of a miscount
    no_count: float
    recode: float  # the type is coded wrongly
    split: float
    merge: float
    again: float  # told twice
    uneven: float = 0.3  # each source's probabilities are scaled by a factor this far from 1


LEVELS: dict[str, Noise] = {
    "light": Noise(
        omit=0.10, move_date=0.04, days=1, blur_date=0.02, blur_days=2, jitter=0.20, km=1,
        coarsen=0.01, misspell=0.10, alias=0.2, no_actor=0.02, swap=0.05, miscount=0.08,
        factor=0.2, no_count=0.02, recode=0.02, split=0.01, merge=0.01, again=0.002,
    ),
    "medium": Noise(
        omit=0.20, move_date=0.10, days=1.2, blur_date=0.05, blur_days=3, jitter=0.30, km=2.5,
        coarsen=0.03, misspell=0.20, alias=0.35, no_actor=0.05, swap=0.10, miscount=0.18,
        factor=0.3, no_count=0.05, recode=0.04, split=0.02, merge=0.02, again=0.005,
    ),
    "heavy": Noise(
        omit=0.30, move_date=0.22, days=1.5, blur_date=0.10, blur_days=5, jitter=0.45, km=5,
        coarsen=0.07, misspell=0.30, alias=0.5, no_actor=0.10, swap=0.15, miscount=0.33,
        factor=0.45, no_count=0.10, recode=0.08, split=0.04, merge=0.04, again=0.01,
    ),
    "real": Noise(
        omit=0.65, move_date=0.22, days=1.5, blur_date=0.10, blur_days=5, jitter=0.60, km=6,
        coarsen=0.12, misspell=0.30, alias=0.5, no_actor=0.10, swap=0.15, miscount=0.60,
        factor=0.85, no_count=0.10, recode=0.08, split=0.04, merge=0.04, again=0.01, uneven=0.08,
    ),
}  # fmt: skip
"""The levels of noise. In `real` a source tells 30 to 40 % of the events, counts of two sources
spread by about 0.9 in their log, and places stand at different precision, as measured between ACLED
and UCDP GED in five countries; what was not measured there is as in `heavy`."""

ALIASES: dict[str, tuple[str, ...]] = {
    "Government of Syria": ("Syrian Arab Army", "SAA", "Syrian regime", "Syria (Government)"),
    "IS": ("Islamic State", "ISIS", "ISIL", "Daesh", "Da'esh"),
    "Syrian insurgents": ("Rebels", "Opposition forces", "FSA", "Free Syrian Army"),
    "SDF": ("Syrian Democratic Forces", "QSD", "YPG-led forces", "Kurdish forces"),
    "HTS": ("Hay'at Tahrir al-Sham", "Tahrir al-Sham", "Jabhat Fateh al-Sham", "Nusra Front"),
    "Civilians": ("civilian population", "Unarmed civilians", "civilians"),
    "Government of Turkey": ("Turkish Armed Forces", "Türkiye", "Turkey"),
    "Government of Central African Republic": ("FACA", "Armed forces of CAR", "CAR army"),
    "anti-Balaka": ("Anti Balaka militia", "Antibalaka", "AB"),
    "FPRC": ("Front populaire pour la renaissance de la Centrafrique", "ex-Seleka FPRC"),
    "UPC": ("Union pour la paix en Centrafrique", "ex-Séléka UPC"),
    "LRA": ("Lord's Resistance Army", "LRA rebels", "Tongo Tongo"),
    "Seleka": ("Séléka", "Seleka coalition"),
    "CPC": ("Coalition of Patriots for Change", "Coalition des patriotes"),
    "3R": ("Retour, réclamation, réhabilitation", "Return, Reclamation, Rehabilitation"),
}
"""How sources call some organisations; others keep their name or its initials."""

TYPE_CODES = (
    {"1": "state-based", "2": "non-state", "3": "one-sided"},
    {"1": "Battle", "2": "Battle", "3": "Violence against civilians"},
    {"1": "ARMED_CLASH", "2": "GROUP_CLASH", "3": "ATTACK"},
    {"1": "190", "2": "190", "3": "180"},
)
"""Each source has its own taxonomy, and the second and fourth know fewer kinds."""


def rereport(
    events: pl.DataFrame,
    noise: Noise | str,
    *,
    sources: int,
    seed: int,
    uneven: float | None = None,
) -> tuple[list[pl.DataFrame], pl.DataFrame]:
    """Tell events again as imperfect sources would.

    Args:
        events: rows of a UCDP GED file; at least the columns of `COLUMNS`, as text.
        noise: a level's name, or the parameters.
        sources: how many sources, two to four.
        seed: start of the random numbers.
        uneven: sources differ: each one's probabilities are scaled by a factor drawn
            between 1 - uneven and 1 + uneven. Default: the level's own.

    Returns:
        A frame of text a source, named `id, date_start, date_end, lat, lon, place, admin1,
        actor1, actor2, type, deaths_low, deaths, deaths_high`; and the truth: `source` (its
        number), `id`, `event` (two rows for a report that tells of two events).
    """
    level = LEVELS[noise] if isinstance(noise, str) else noise
    uneven = level.uneven if uneven is None else uneven
    rows = events.sort("id").to_dicts()
    rng = np.random.default_rng(seed)
    tellings = []
    for number in range(sources):
        scale = 1 + uneven * rng.uniform(-1, 1)
        teller = Teller(scale_noise(level, scale), number, np.random.default_rng([seed, number]))
        tellings.append((teller.tell(rows), teller.rng))
    return number_reports(tellings)


def number_reports(
    releases: Sequence[tuple[list[Row], np.random.Generator]], *, keep_ids: bool = False
) -> tuple[list[pl.DataFrame], pl.DataFrame]:
    """Put the reports of each source into any order, and give out ids.

    Args:
        releases: each source's reports, with its random numbers.
        keep_ids: the reports keep the ids that they have.

    Returns:
        A frame of text a source; and the truth: `source` (its number), `id`, `event`.
    """
    told, truths = [], []
    for number, (rows, rng) in enumerate(releases):
        reports = [rows[index] for index in rng.permutation(len(rows))]
        for index, report in enumerate(reports):
            if not keep_ids:
                report["id"] = f"{string.ascii_uppercase[number]}{index + 1:06d}"
        told.append(pl.DataFrame([_without(r) for r in reports], infer_schema_length=None))
        truths += [
            {"source": number, "id": r["id"], "event": event}
            for r in reports
            for event in r["_events"]
        ]
    return told, pl.DataFrame(truths)


def scale_noise(level: Noise, scale: float) -> Noise:
    """Multiply a level's probabilities, up to 0.95; sizes stay."""
    odd = {"days", "blur_days", "km", "factor", "uneven"}
    return replace(
        level,
        **{
            name: min(value * scale, 0.95) for name, value in vars(level).items() if name not in odd
        },
    )


def _without(report: Row) -> Row:
    return {
        name: None if value is None else str(value)
        for name, value in report.items()
        if not name.startswith("_")
    }


class Teller:
    """One source: its habits (aliases, codes, spelling) and its errors."""

    def __init__(self, noise: Noise, number: int, rng: np.random.Generator) -> None:
        self.noise = noise
        self.rng = rng
        self.codes = TYPE_CODES[number % len(TYPE_CODES)]
        self.habits: dict[str, str] = {}

    def tell(self, rows: Sequence[Row]) -> list[Row]:
        """Tell events, each with the ids of those that it tells of in `_events`."""
        kept = [dict(row) for row in rows if self.rng.random() >= self.noise.omit]
        for row in kept:
            row["_events"] = [row["id"]]
            for name in ("low", "best", "high"):
                row[name] = round(float(row[name]))
            row["_start"], row["_end"] = _day(row["date_start"]), _day(row["date_end"])
        told: list[Row] = []
        for row in self._merge(kept):
            told += [self._report(part) for part in self._parts(row)]
        return told

    def _merge(self, rows: list[Row]) -> list[Row]:
        """Some neighbours (three days, 25 km) become one."""
        order = sorted(rows, key=lambda row: (row["_start"], row["id"]))
        gone: set[int] = set()
        result = []
        for index, row in enumerate(order):
            if index in gone:
                continue
            other = None
            if self.rng.random() < self.noise.merge:
                other = _neighbour(order, index, gone)
            if other is None:
                result.append(row)
            else:
                gone.add(other)
                result.append(self._union(row, order[other]))
        return result

    def _union(self, one: Row, two: Row) -> Row:
        larger = one if one["best"] >= two["best"] else two
        counts = {name: one[name] + two[name] for name in ("low", "best", "high")}
        return {
            **larger,
            **counts,
            "_events": [*one["_events"], *two["_events"]],
            "_start": min(one["_start"], two["_start"]),
            "_end": max(one["_end"], two["_end"]),
        }

    def _parts(self, row: Row) -> list[Row]:
        if self.rng.random() < self.noise.again:
            return [row, row]
        if self.rng.random() >= self.noise.split:
            return [row]
        share = self.rng.uniform(0.2, 0.8)
        first, second = dict(row), {**row, "id": f"{row['id']}+"}
        for name in ("low", "best", "high"):
            first[name] = round(row[name] * share)
            second[name] = row[name] - first[name]
        length = (row["_end"] - row["_start"]).days
        if length:
            middle = row["_start"] + timedelta(days=length // 2)
            first["_end"], second["_start"] = middle, middle
        elif self.rng.random() < 0.5:
            second["_start"] = second["_end"] = row["_end"] + timedelta(days=1)
        return [first, second]

    def _report(self, row: Row) -> Row:
        start, end = self._dates(row["_start"], row["_end"])
        low, best, high = self._counts(row)
        one, two = self._sides(row)
        code = self.codes[str(row["type_of_violence"]).split(".")[0]]
        if self.rng.random() < self.noise.recode:
            code = str(self.rng.choice(sorted(set(self.codes.values()))))
        return {
            "id": row["id"],
            "date_start": start,
            "date_end": end,
            **self._where(row),
            "actor1": one,
            "actor2": two,
            "type": code,
            "deaths_low": low,
            "deaths": best,
            "deaths_high": high,
            "_events": row["_events"],
        }

    def _dates(self, start: date, end: date) -> tuple[date, date]:
        if self.rng.random() < self.noise.move_date:
            size = 1 + self.rng.poisson(max(self.noise.days - 1, 0.01))
            move = timedelta(days=int(size * self.rng.choice([-1, 1, 1])))
            start, end = start + move, end + move
        if self.rng.random() < self.noise.blur_date:
            length = int(self.rng.integers(1, self.noise.blur_days + 1))
            before = int(self.rng.integers(0, length + 1))
            start = start - timedelta(days=before)
            end = end + timedelta(days=length - before)
        return start, end

    def _where(self, row: Row) -> Row:
        place, adm1 = row["where_coordinates"], row["adm_1"]
        lat, lon = float(row["latitude"]), float(row["longitude"])
        if self.rng.random() < self.noise.coarsen and adm1:
            centre = row["_centre"]
            return {"lat": centre[0], "lon": centre[1], "place": adm1, "admin1": adm1}
        if self.rng.random() < self.noise.jitter:
            km = self.noise.km * np.exp(0.7 * self.rng.standard_normal())
            angle = self.rng.uniform(0, 2 * np.pi)
            lat += km * np.sin(angle) / KM_PER_DEGREE
            lon += km * np.cos(angle) / (KM_PER_DEGREE * np.cos(np.radians(lat)))
        if place and self.rng.random() < self.noise.misspell:
            place = misspell(place, self.rng)
        return {"lat": round(lat, 5), "lon": round(lon, 5), "place": place, "admin1": adm1}

    def _sides(self, row: Row) -> tuple[str | None, str | None]:
        sides = [self._misspell(row["side_a"]), self._misspell(row["side_b"])]
        if self.rng.random() < self.noise.swap:
            sides.reverse()
        return sides[0], sides[1]

    def _misspell(self, name: str) -> str | None:
        if self.rng.random() < self.noise.no_actor:
            return None
        if self.rng.random() >= self.noise.alias:
            return name
        if name in ALIASES:
            # A source has a habit, and breaks it now and then.
            habit = self.habits.setdefault(name, str(self.rng.choice(ALIASES[name])))
            return habit if self.rng.random() < 0.7 else str(self.rng.choice(ALIASES[name]))
        words = name.replace(",", " ").split()
        if len(words) > 2:
            return "".join(word[0] for word in words).upper()
        return misspell(name, self.rng)

    def _counts(self, row: Row) -> tuple[int | None, int | None, int | None]:
        low, best, high = row["low"], row["best"], row["high"]
        if self.rng.random() < self.noise.no_count:
            return None, None, None
        if self.rng.random() < self.noise.miscount:
            factor = float(np.exp(self.noise.factor * self.rng.standard_normal()))
            changed = round(best * factor)
            if changed == best:
                changed = max(best + int(self.rng.choice([-1, 1])), 0)
            low, best, high = min(round(low * factor), changed), changed, max(high, changed)
        return low, best, high


def _neighbour(order: Sequence[Row], index: int, gone: set[int]) -> int | None:
    """The next event within three days and 25 km that no other was joined to."""
    row = order[index]
    for other in range(index + 1, min(index + 60, len(order))):
        near = order[other]
        if (near["_start"] - row["_start"]).days > 3:
            break
        if other not in gone and _km(row, near) < 25:
            return other
    return None


def add_centres(events: pl.DataFrame) -> pl.DataFrame:
    """Add `_centre`, the mean point of each event's first administrative unit.

    Args:
        events: with `latitude` and `longitude` in degrees, and `adm_1`.

    Returns:
        The events with one more column, lists of degrees north and east.
    """
    lat, lon = pl.col("latitude").cast(pl.Float64), pl.col("longitude").cast(pl.Float64)
    centre = pl.concat_list(lat.mean().over("adm_1").round(4), lon.mean().over("adm_1").round(4))
    return events.with_columns(centre.alias("_centre"))


def misspell(name: str, rng: np.random.Generator) -> str:
    """Spell a name as another hand would: by transliteration, or with a slip of one letter.

    Args:
        name: the name.
        rng: source of random numbers.

    Returns:
        The other spelling.
    """
    swaps = (
        ("Al ", "al-"), ("al ", "el-"), ("ou", "u"), ("ay", "ai"), ("q", "k"), ("dh", "z"),
        ("town", "city"), (" town", ""), (" village", ""), ("é", "e"), ("kh", "h"),
        ("Deir", "Dayr"),
        ("y", "i"), ("aa", "a"), ("ss", "s"), ("'", ""), ("ee", "i"), ("sh", "ch"), ("j", "dj"),
    )  # fmt: skip
    fitting = [swap for swap in swaps if swap[0] in name]
    if fitting and rng.random() < 0.7:
        old, new = fitting[int(rng.integers(len(fitting)))]
        return name.replace(old, new, 1)
    if len(name) < 4:
        return name.upper()
    place = int(rng.integers(1, len(name) - 1))
    if rng.random() < 0.5:
        return name[:place] + name[place + 1 :]
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def _day(text: str) -> date:
    return date.fromisoformat(str(text)[:10])


def _km(one: Row, two: Row) -> float:
    points = (float(row[name]) for row in (one, two) for name in ("latitude", "longitude"))
    return great_circle_km(*points)
