"""A user's ledger of first uses beside the inferred one, where the two disagree."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from tocsin.assess.actors.names import acronym, plain
from tocsin.assess.actors.states import state_number
from tocsin.assess.ties.stated import known_ids
from tocsin.base.nearest import nearest
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.tables.assessed.adoption import BELIEVED
from tocsin.schema.vocabulary.folding import LINKED_NAMES


def ledger_conflicts(
    told: pl.DataFrame,
    adoption: pl.DataFrame,
    names: pl.DataFrame,
    days: pl.Series | None = None,
) -> pl.DataFrame:
    """Set a user's entries beside those of the inferred ledger with which they disagree.

    Neither ledger is changed. An entry that agrees, or of which the inferred ledger is as unsure
    as the user, is not listed.

    Args:
        told: the table `told_adoptions`.
        adoption: the table `adoption`.
        names: the statements of `actor_names` that stand.
        days: of the incidents, after the last of which the inferred ledger knows nothing; default:
            not known.

    Returns:
        The table `ledger_conflicts`. Beside entries that disagree it has those of whom nothing here
        can know, an organisation that nobody here knows with the name that is nearest to it, and
        rows of the user's that contradict each other.
    """
    find = _in_ledger(adoption) | known_ids(names)
    ids = {one: find.get(LINKED_NAMES.fold(one), one) for one in told["actor"].unique()}
    known = [*names["name"].unique().sort(), *adoption["actor"].unique().sort()]
    against = _contradictions(told.to_dicts(), ids)
    last: date | None = None if days is None else max(days.drop_nulls(), default=None)
    rows = []
    for number, one in enumerate(told.to_dicts()):
        actor_id = ids[one["actor"]]
        mine = adoption.filter(
            (pl.col("actor_id") == actor_id) & (pl.col("technology") == one["technology"])
        ).sort("confidence", "gwno", descending=[True, False])
        inferred = mine.to_dicts()[0] if mine.height else None
        words = against.get(number) or _unknowable(one, find, known, last)
        if words := words or _disagreement(one, inferred):
            rows.append(_row(one, actor_id, inferred) | {"conflict": words})
    if not rows:
        return empty(TABLES["ledger_conflicts"])
    return conform(TABLES["ledger_conflicts"], pl.DataFrame(rows, infer_schema_length=None))


def _in_ledger(adoption: pl.DataFrame) -> dict[str, str]:
    """The id of each organisation by its name in the ledger, if one alone has it there: a short
    name may be that of several in a list of all countries."""
    pairs = adoption.select("actor", "actor_id").unique()
    folded = [(LINKED_NAMES.fold(name), actor_id) for name, actor_id in pairs.iter_rows()]
    count = Counter(name for name, _ in folded)
    return {name: actor_id for name, actor_id in folded if count[name] == 1}


def _contradictions(told: list[dict[str, Any]], ids: Mapping[str, str]) -> dict[int, str]:
    """Number of a user's row to what another of the user's rows holds against it."""
    found: dict[int, str] = {}
    for (i, one), (j, other) in itertools.combinations(enumerate(told), 2):
        same = ids[one["actor"]] == ids[other["actor"]] and one["technology"] == other["technology"]
        if same and not _agree(one, other):
            for number, beside in ((i, other), (j, one)):
                found[number] = (
                    f"Another row of the user's contradicts it: {_in_words(beside)} "
                    f"({beside['source']}, confidence {beside['confidence']:.2f})."
                )
    return found


def _agree(one: dict[str, Any], other: dict[str, Any]) -> bool:
    never = [row["from_date"] is None and row["to_date"] is None for row in (one, other)]
    if any(never):
        return all(never)
    first = max(row["from_date"] or date.min for row in (one, other))
    return first <= min(row["to_date"] or date.max for row in (one, other))


def _in_words(row: dict[str, Any]) -> str:
    if row["from_date"] is None and row["to_date"] is None:
        return "never"
    return f"{row['from_date'] or 'any time'} to {row['to_date'] or 'any time'}"


def _unknowable(
    told: dict[str, Any],
    find: Mapping[str, str],
    known: Sequence[str],
    last: date | None,
) -> str:
    """Why the inferred ledger can say nothing of an entry; empty where it can."""
    name = told["actor"]
    if state_number(name) is not None:
        return "It is a state: what states' own forces used stands in the table state_uses."
    if LINKED_NAMES.fold(name) not in find:
        if LINKED_NAMES.fold(name) in {LINKED_NAMES.fold(one) for one in known}:
            return "Several organisations have this name: give the id of the one that is meant."
        near = _by_initials(name, known) or nearest(name, known)
        meant = f" Did you mean '{near}'?" if near else ""
        return f"No list of actors and no incident here knows this organisation.{meant}"
    if last is not None and told["from_date"] is not None and told["from_date"] > last:
        return f"The user's first use is after {last}, the last day of the incidents here."
    return ""


def _by_initials(name: str, known: Sequence[str]) -> str | None:
    """The only known name that shortens a name or is shortened by it, such as JEM: it is proposed
    and never assumed, since two organisations may share their initials."""
    letters, short = acronym(name), plain(name)
    fits = {one for one in known if (letters and plain(one) == letters) or acronym(one) == short}
    return fits.pop() if len(fits) == 1 else None


def _disagreement(told: dict[str, Any], inferred: dict[str, Any] | None) -> str:
    has = told["from_date"] is not None or told["to_date"] is not None
    sure = told["confidence"] >= BELIEVED
    believed = inferred is not None and inferred["confidence"] >= BELIEVED
    if has and sure and not believed:
        silent = "no report here tells of it, which is no denial"
        other = silent if inferred is None else "the inferred ledger does not"
        return f"The user says that it has the class; {other}."
    if not has and sure and believed:
        return "The user says that it has not; the inferred ledger says that it has the class."
    if not (has and sure and believed) or inferred is None:
        return ""
    if told["to_date"] is not None and told["to_date"] < inferred["first_low"]:
        return "The user's first use is earlier."
    if told["from_date"] is not None and told["from_date"] > inferred["first_high"]:
        return "The user's first use is later."
    return ""


def _row(
    told: dict[str, Any], actor_id: str, inferred: dict[str, Any] | None
) -> dict[str, Any]:  # fmt: skip
    seen = inferred or {}
    return {
        "actor_id": actor_id,
        "actor": seen.get("actor", told["actor"]),
        "technology": told["technology"],
        "told_from": told["from_date"],
        "told_to": told["to_date"],
        "told_confidence": told["confidence"],
        "inferred_low": seen.get("first_low"),
        "inferred_median": seen.get("first_median"),
        "inferred_high": seen.get("first_high"),
        "inferred_confidence": seen.get("confidence", 0.0),
        "source": told["source"],
    }
