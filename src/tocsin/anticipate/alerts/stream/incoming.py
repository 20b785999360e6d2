"""The stream of incidents watched: each year and territory by a model of the years before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tocsin.anticipate.alerts.stream.anomaly import (
    WINDOWS,
    alarm_threshold,
    detection_delays,
    judge_days,
    simulated_alarm_rate,
    spells,
)
from tocsin.anticipate.alerts.stream.fitting import fit
from tocsin.anticipate.alerts.stream.hawkes import YEAR, Hawkes
from tocsin.anticipate.data.panel import Matrix
from tocsin.base.cache import code, remember_tables
from tocsin.schema import TABLES, conform, empty

DAY_PRECISION = 2
"""UCDP's date_prec: the day is known, or to within a week. Vaguer ones would pile up on one day."""
LEARNT_DAYS = 365
"""Days of stream before a territory is watched."""
LEARNT_EVENTS = 50
MEMORY_YEARS = 10
"""Years of the past that a model is fitted on."""
WATCHED_YEARS = 5
"""So many of the latest calendar years are watched again for the record."""
SOURCE = "self-exciting baseline of incidents a day"


@dataclass(frozen=True)
class _Counted:
    """Incidents a day of one territory; day 0 is `first`."""

    territory: str
    first: date
    counts: Matrix

    def upto(self, day: date) -> tuple[Matrix, Matrix]:
        """Counts before a day, of the latest years, and their days by the calendar."""
        stop = (day - self.first).days
        start = max(0, stop - int(MEMORY_YEARS * YEAR))
        return self.counts[start:stop], self.calendar(start, stop)

    def calendar(self, start: int, stop: int) -> Matrix:
        """Days counted from the first of January of the first year."""
        return np.arange(start, stop, dtype=float) + self.first.timetuple().tm_yday - 1


def find_anomalies(
    incidents: pl.DataFrame, gwnos: Sequence[int], *, rate: float, seed: int
) -> dict[str, pl.DataFrame]:
    """Find spells with more incidents than the past explains, and measure how far to trust them.

    Each calendar year is watched with a model that was fitted on the years before it only. To fit
    and to simulate them takes seconds, so the answer is kept between processes
    (`tocsin.base.cache`) under the counts, the rate, the seed and the code.

    Args:
        incidents: the table `incidents`.
        gwnos: Gleditsch-Ward numbers of the territories to watch; those with too short a stream are
            left out.
        rate: how many false alarms for each territory and year are accepted.
        seed: start of all random numbers; the same seed gives the same bits.

    Returns:
        The tables `anomalies` (a row for each spell of alarms) and `anomaly_record`.
    """
    streams = _count_days(incidents, gwnos)
    key = {
        "streams": [
            [gwno, one.territory, one.first, hashlib.sha256(one.counts.tobytes()).hexdigest()]
            for gwno, one in streams.items()
        ],
        "rate": rate,
        "seed": seed,
        "code": code(Path(__file__).parents[3]),
    }
    return remember_tables("steps", key, lambda: _anomaly_tables(streams, rate, seed))


def _anomaly_tables(
    streams: dict[int, _Counted], rate: float, seed: int
) -> dict[str, pl.DataFrame]:
    found: dict[str, list[dict[str, Any]]] = {"anomalies": [], "anomaly_record": []}
    if streams:
        for gwno, years in _watch_years(streams, rate, seed).items():
            stream = streams[gwno]
            marks = {"territory": stream.territory, "gwno": gwno, "source": SOURCE}
            cries = [row for year in years for row in year.spells]
            found["anomalies"] += [row | marks for row in _join_spells(cries)]
            record = _record(years, len(_join_spells(cries)), rate, seed)
            found["anomaly_record"].append(record | marks)
    return {
        name: conform(TABLES[name], pl.DataFrame(rows, infer_schema_length=None))
        if rows
        else empty(TABLES[name])
        for name, rows in found.items()
    }


@dataclass(frozen=True)
class _Year:
    """One territory in one calendar year, by a model that knows only the years before."""

    model: Hawkes
    threshold: float
    first: date
    last: date
    spells: list[dict[str, Any]]


def _watch_years(streams: dict[int, _Counted], rate: float, seed: int) -> dict[int, list[_Year]]:
    ends = {g: s.first + timedelta(days=len(s.counts) - 1) for g, s in streams.items()}
    found: dict[int, list[_Year]] = {gwno: [] for gwno in streams}
    for year in range(min(ends.values()).year - WATCHED_YEARS + 1, max(ends.values()).year + 1):
        new_year = date(year, 1, 1)
        known = {
            gwno: stream.upto(new_year)
            for gwno, stream in streams.items()
            if ends[gwno].year - WATCHED_YEARS < year <= ends[gwno].year
            and (new_year - stream.first).days >= LEARNT_DAYS
            and stream.upto(new_year)[0].sum() >= LEARNT_EVENTS
        }
        for gwno, model in (fit(known) if known else {}).items():
            threshold = alarm_threshold(model, rate=rate, seed=seed + gwno)
            found[gwno].append(_year(streams[gwno], model, threshold, new_year))
    return {gwno: years for gwno, years in found.items() if years}


def _year(stream: _Counted, model: Hawkes, threshold: float, new_year: date) -> _Year:
    start = (new_year - stream.first).days
    stop = min(len(stream.counts), start + (date(new_year.year + 1, 1, 1) - new_year).days)
    # The memory and the week at the turn of the year come from the days before it.
    back = max(0, start - int(MEMORY_YEARS * YEAR))
    seen = judge_days(model, stream.counts[back:stop], stream.calendar(back, stop))
    lowest = seen.lowest[start - back :]
    rows = []
    for first, last in spells(lowest < threshold):
        worst = first + int(np.argmin(lowest[first : last + 1]))
        window = int(np.nanargmin(seen.p[:, start - back + worst]))
        rows.append(
            {
                "first_day": new_year + timedelta(days=first),
                "last_day": new_year + timedelta(days=last),
                "day": new_year + timedelta(days=worst),
                "window": WINDOWS[window],
                "observed": int(seen.observed[window, start - back + worst]),
                "expected": float(seen.expected[window, start - back + worst]),
                "p_value": float(lowest[worst]),
                "threshold": threshold,
            }
        )
    return _Year(model, threshold, new_year, stream.first + timedelta(days=stop - 1), rows)


def _join_spells(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Spells of two years that meet at the turn of the year are one."""
    found: list[dict[str, Any]] = []
    for row in rows:
        if found and (row["first_day"] - found[-1]["last_day"]).days <= max(WINDOWS):
            worse = min(found[-1], row, key=lambda one: one["p_value"])
            ends = {"first_day": found[-1]["first_day"], "last_day": row["last_day"]}
            found[-1] = worse | ends
        else:
            found.append(row)
    return found


def _record(years: list[_Year], alarms: int, rate: float, seed: int) -> dict[str, Any]:
    latest = years[-1]
    model, threshold = latest.model, latest.threshold
    late = detection_delays(model, threshold, seed=seed + 2)
    noticed = ~np.isnan(late)
    days = sum((year.last - year.first).days + 1 for year in years)
    return {
        "first_day": years[0].first,
        "last_day": latest.last,
        "days": days,
        "rate": rate,
        "simulated_rate": simulated_alarm_rate(model, threshold, seed=seed + 1),
        "alarms": alarms,
        "alarm_rate": alarms / (days / YEAR),
        "burst_found": float(noticed.mean()),
        "burst_delay": float(np.median(late[noticed])) if noticed.any() else None,
        "branching": model.fast + model.slow,
        "half_life": model.half_life,
        "dispersion": model.dispersion,
    }


def _count_days(incidents: pl.DataFrame, gwnos: Sequence[int]) -> dict[int, _Counted]:
    here = incidents.filter(
        pl.col("gwno").is_in(list(gwnos)), pl.col("date_prec") <= DAY_PRECISION
    ).sort("gwno", "date_start")
    return {
        int(gwno): stream
        for (gwno,), part in here.group_by("gwno", maintain_order=True)
        for stream in _count(part)
    }


def _count(part: pl.DataFrame) -> Iterator[_Counted]:
    days = part["date_start"]
    first, last = days[0], days[-1]
    # Only the latest years are looked at; a stray early report must not stretch the past.
    begin = max(first, date(last.year - MEMORY_YEARS - WATCHED_YEARS, 1, 1))
    places = [(day - begin).days for day in days if day >= begin]
    length = (last - begin).days + 1
    if length > LEARNT_DAYS:
        counts = np.bincount(places, minlength=length).astype(float)
        yield _Counted(part["territory"][-1], begin, counts)
