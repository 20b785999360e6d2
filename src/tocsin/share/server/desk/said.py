"""What a warning or a forecast says, read from bytes that may be anybody's.

Whoever may write here, and every partner's server, decides what an object holds. What a page shows
is read part by part, and what is not of the kind that it should be is left out.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any

from tocsin.schema.tables.anticipated.alert import ALERT_LEVELS

MONTH = re.compile(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])(?:-[0-9]{2})?")
ENDED = "none"
"""The level of a warning that no longer stands."""
LONGEST = 2000
COUNTS = ("hits", "misses", "false_alarms")
AMOUNTS = ("p05", "p50", "p95", "p_any", "p_25")


@dataclass(frozen=True)
class Warned:
    """This is what a warning says; what it does not say, or says in no known way, is None."""

    level: str
    """One of `ALERT_LEVELS`, or `ENDED`; 'watch' where it says none."""
    sentence: str
    chance: float | None
    first: str | None
    last: str | None
    """The first and the last month of which it speaks, as 2026-12."""
    since: str | None
    data_to: str | None
    record: dict[str, int] | None

    def is_past(self, month: str) -> bool:
        """Tell whether the months of which it speaks were over before a month, such as 2026-12."""
        return self.last is not None and self.last[:7] < month


def read_warning(content: bytes) -> Warned:
    """Read what a warning says.

    Args:
        content: the bytes of the object.

    Returns:
        What could be read.
    """
    told = _object(content)
    months = told.get("months") if isinstance(told.get("months"), dict) else {}
    assert isinstance(months, dict)
    first, last = _month(months.get("first")), _month(months.get("last"))
    level = told.get("level")
    record = told.get("record")
    counts = record if isinstance(record, dict) else {}
    is_record = all(isinstance(counts.get(name), int) for name in COUNTS)
    return Warned(
        level if level in (*ALERT_LEVELS, ENDED) else "watch",
        _text(told.get("sentence")) or _text(told.get("headline")), _share(told.get("probability")),
        first if last else None, last if first else None, _month(told.get("since")),
        _month(told.get("data_to")),
        {name: counts[name] for name in COUNTS} if is_record else None,
    )  # fmt: skip


@dataclass(frozen=True)
class Foreseen:
    """This is what a forecast says."""

    data_to: str
    months: tuple[dict[str, Any], ...]
    """For each month: `month`, deaths `p05, p50, p95`, and probabilities `p_any, p_25`."""
    record: tuple[int, float] | None
    """Months of territories scored in the region, and the mean CRPS in deaths."""


def read_forecast(content: bytes) -> Foreseen | None:
    """Read what a forecast says, or None where it cannot be shown whole."""
    told = _object(content)
    rows, data_to = told.get("months"), _month(told.get("data_to"))
    if not isinstance(rows, list) or data_to is None or not all(map(_is_row, rows)):
        return None
    found = None
    record = told.get("record")
    for one in record if isinstance(record, list) else []:
        if isinstance(one, dict) and one.get("region") == "this region":
            n, crps = _number(one.get("n")), _number(one.get("crps"))
            found = (int(n), crps) if n is not None and crps is not None else None
    return Foreseen(data_to, tuple(rows), found)


def _is_row(row: Any) -> bool:
    return (
        isinstance(row, dict)
        and _month(row.get("month")) is not None
        and all(_number(row.get(name)) is not None for name in AMOUNTS)
    )


def _object(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _text(value: Any) -> str:
    return value[:LONGEST] if isinstance(value, str) else ""


def _month(value: Any) -> str | None:
    return value if isinstance(value, str) and MONTH.fullmatch(value) else None


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and math.isfinite(value) and abs(value) < 1e12 else None


def _share(value: Any) -> float | None:
    number = _number(value)
    return number if number is not None and 0 <= number <= 1 else None
