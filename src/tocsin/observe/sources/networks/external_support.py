"""UCDP External Support Dataset: who supported which armed organisation, year by year.

Meier, Karlén, Pettersson and Croicu (2023), External support in armed conflicts, Journal of Peace
Research 60(3); this file has the columns of the older release by actor and year, 18.1 (Högbladh,
Pettersson and Themnér 2011, External support in armed conflict 1975-2009).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tocsin.observe.checks.private import of_columns
from tocsin.observe.checks.values import Refused, check_name, maybe_whole, name, text, whole
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch, Rows, need, parse_records

STATES = {
    "x": "troops",
    "p": "presence",
    "y": "territory",
    "w": "weapons",
    "m": "materiel",
    "t": "training",
    "f": "funding",
    "i": "intelligence",
    "l": "installations",
    "o": "other",
    "u": "unknown",
}
"""Letter of a column `ext_LETTER_s` to what a state gave."""
GROUPS = {"w": "weapons", "t": "training"}
"""Letter of a column `ext_LETTER_ns` to what a non-state organisation gave."""
NEEDED = ("year", "actor_id", "actor_name", "oppo_id", "oppo_name", "ext_id", "ext_name", "ext_sup")
READ = (
    *NEEDED, *(f"ext_{letter}_s" for letter in STATES), *(f"ext_{letter}_ns" for letter in GROUPS),
)  # fmt: skip
"""No other column is looked at."""
GOVERNMENT = "Government of "


class ExternalSupport:
    """Reader of the UCDP External Support Dataset, a row an armed actor and year.

    It gives rows of the table `supports`.
    """

    kind = "ucdp-external-support"

    def knows(self, source: Source) -> bool:
        """Tell whether the file has the data set's own columns of supporters."""
        return {"actor_id", "oppo_id", "ext_id", "ext_sup"} <= set(source.header)

    def read(self, source: Source) -> Iterator[Batch]:
        """Read a row of `supports` for each supporter; a row without support is outside."""
        need(source, self.kind, NEEDED)
        release = f"UCDP External Support ({source.name})"
        return parse_records(
            source.records(),
            lambda record: _supports(record, release),
            lambda rows: [
                (one["actor_id"], one["opponent_id"], one["year"]) for one in rows["supports"][:1]
            ],
            source=release,
            file=source.name,
            keep=of_columns(READ),
        )


def _supports(record: Record, source: str) -> Rows:
    fields = record.fields
    year = whole(fields, "year", low=1900, high=2200)
    shared = {
        "actor_id": str(whole(fields, "actor_id", high=2**62)),
        "actor": _name_in(fields, "actor_name"),
        "opponent_id": str(whole(fields, "oppo_id", high=2**62)),
        "opponent": _name_in(fields, "oppo_name"),
        "year": year,
        "source": source,
    }
    if not _flag(fields, "ext_sup"):
        return {}
    supporters = list(_supporters(fields))
    if not supporters:
        raise Refused("missing", "Support is said, but no supporter is named.", column="ext_name")
    state, group = _kinds(fields, STATES, "s"), _kinds(fields, GROUPS, "ns")
    return {
        "supports": [
            shared
            | {
                "supporter_id": number,
                "supporter": called,
                "by_state": called.startswith(GOVERNMENT),
                "kinds": state if called.startswith(GOVERNMENT) else group,
            }
            for number, called in supporters
        ]
    }


def _name_in(fields: Mapping[str, str], column: str) -> str:
    found = name(fields, column)
    if found is None:
        raise Refused("missing", f"'{column}' is empty.", column=column)
    return found


def _supporters(fields: Mapping[str, str]) -> Iterator[tuple[str | None, str]]:
    """Pairs of id and name; where commas stand within names, each id keeps the whole cell."""
    # A coalition is one cell, longer than any name; each name in it is looked at by itself.
    names = text(fields, "ext_name") or ""
    ids = re.findall(r"\d+", text(fields, "ext_id") or "")
    parts = [part.strip() for part in names.split(",") if part.strip()]
    for one in [names] if ids and len(ids) != len(parts) else parts:
        check_name(one, "ext_name")
    if len(ids) == len(parts):
        yield from zip(ids, parts, strict=True)
    elif ids:
        yield from ((number, names or number) for number in ids)
    else:
        yield from ((None, part) for part in parts)


def _kinds(fields: Mapping[str, str], letters: Mapping[str, str], ending: str) -> str:
    given = [kind for letter, kind in letters.items() if _flag(fields, f"ext_{letter}_{ending}")]
    return " ".join(given)


def _flag(fields: Mapping[str, str], column: str) -> bool:
    return maybe_whole(fields, column, low=0, high=1) == 1
