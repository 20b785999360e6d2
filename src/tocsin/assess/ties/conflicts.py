"""A user's ledger of first uses beside the inferred one, where the two disagree."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from tocsin.assess.ties.known import Known, known_here, supported, unknown_id
from tocsin.base.display.bounds import round_bound
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.tables.assessed.adoption import BELIEVED
from tocsin.schema.vocabulary.folding import seal

NOT_KNOWN = (
    "This row names nobody known here. Its name is not kept, since it may be a person's. Check its "
    "spelling in the file, or observe a list of actors that has the organisation (ActorId, "
    "NameData, Org), then assess again. A person does not belong in the list."
)
"""Said of an organisation that nothing here knows."""
SAME = "If it is, write its id or that name in the list."
"""What a user does where a name is perhaps another's."""


def ledger_conflicts(
    told: pl.DataFrame,
    adoption: pl.DataFrame,
    names: pl.DataFrame,
    days: pl.Series | None = None,
    *,
    supports: pl.DataFrame | None = None,
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
        supports: the table `supports`, whose organisations are known, too; default: none.

    Returns:
        The table `ledger_conflicts`. Beside entries that disagree it has those of whom nothing here
        can know, and rows of the user's that contradict each other. An organisation that nothing
        here knows is called by where it stands in the user's list, and never by its name, which
        may be a person's; where one known name alone fits by its initials, it says what the ledger
        has of that.
    """
    if told.is_empty():
        return empty(TABLES["ledger_conflicts"])
    more = () if supports is None else supported(supports)
    known = known_here(names, adoption, *more)
    unlike = [name for name in told.columns if name not in ("row", "row_hash", "run_id")]
    rows_told = told.with_columns(
        pl.Series("actor", [seal(one) for one in told["actor"]], pl.String)
    ).unique(unlike, keep="first", maintain_order=True)
    entries = rows_told.to_dicts()
    ids = {one["actor"]: known.ids.get(one["actor"], unknown_id(one["actor"])) for one in entries}
    against = _contradictions(entries, ids)
    last: date | None = None if days is None else max(days.drop_nulls(), default=None)
    rows = []
    for number, one in enumerate(entries):
        inferred = _entry(adoption, ids[one["actor"]], one["technology"])
        words = [against.get(number, ""), _unknowable(one, known, adoption, last)]
        if not any(words):
            words = [_disagreement(one, inferred)]
        if any(words):
            shown = known.show(one["actor"], one["row"])
            told_so = {"conflict": " ".join(filter(None, words))}
            rows.append(_row(one, ids[one["actor"]], shown, inferred) | told_so)
    if not rows:
        return empty(TABLES["ledger_conflicts"])
    return conform(TABLES["ledger_conflicts"], pl.DataFrame(rows, infer_schema_length=None))


def _entry(adoption: pl.DataFrame, actor_id: str, technology: str) -> dict[str, Any] | None:
    """The surest entry of an organisation and class; None where there is none."""
    mine = adoption.filter(actor_id=actor_id, technology=technology)
    rows = mine.sort("confidence", "gwno", descending=[True, False]).head(1).to_dicts()
    return rows[0] if rows else None


def _contradictions(told: list[dict[str, Any]], ids: Mapping[str, str]) -> dict[int, str]:
    """Number of a user's row to what another of the user's rows holds against it."""
    same: dict[tuple[str, str], list[int]] = {}
    for number, one in enumerate(told):
        same.setdefault((ids[one["actor"]], one["technology"]), []).append(number)
    found: dict[int, str] = {}
    for i, j in (pair for some in same.values() for pair in itertools.combinations(some, 2)):
        if not _agree(told[i], told[j]):
            for number, beside in ((i, told[j]), (j, told[i])):
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
    told: dict[str, Any], known: Known, adoption: pl.DataFrame, last: date | None
) -> str:
    """Why the inferred ledger can say nothing of an entry; empty where it can."""
    sealed = told["actor"]
    if known.is_state(sealed):
        return "It is a state: what states' own forces used stands in the table state_uses."
    if sealed not in known.ids:
        if sealed in known.names:
            return "Several organisations have this name: give the id of the one that is meant."
        if near := known.alike(sealed, told["initials"]):
            return _perhaps(told, near, known, adoption)
        return NOT_KNOWN
    if last is not None and told["from_date"] is not None and told["from_date"] > last:
        return f"The user's first use is after {last}, the last day of the incidents here."
    return ""


def _perhaps(told: dict[str, Any], near: str, known: Known, adoption: pl.DataFrame) -> str:
    """What a row says, and what the ledger says of the one whose initials fit its name."""
    entry = _entry(adoption, known.ids.get(seal(near), ""), told["technology"])
    if entry is None:
        holds = "has no entry of it for this class"
    elif entry["confidence"] < BELIEVED:
        holds = f"does not believe that it has the class ({_share(entry['confidence'])})"
    else:
        low, high = entry["first_low"], entry["first_high"]
        since = f"since {low}" if low == high else f"since between {low} and {high}"
        holds = f"says that it has the class ({_share(entry['confidence'])}), {since}"
    return (
        f"Perhaps it is the same as '{near}': its initials or another form of its name fit. "
        f"The row says {_in_words(told)} ({told['confidence']:.2f}); "
        f"the inferred ledger {holds}. {SAME}"
    )


def _disagreement(told: dict[str, Any], inferred: dict[str, Any] | None) -> str:
    has = told["from_date"] is not None or told["to_date"] is not None
    sure = told["confidence"] >= BELIEVED
    believed = inferred is not None and inferred["confidence"] >= BELIEVED
    if has and sure and not believed:
        other = "no report here tells of it, which is no denial"
        if inferred is not None:
            other = f"the inferred ledger does not believe it ({_share(inferred['confidence'])})"
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


def _share(probability: float) -> str:
    """Write a probability rounded down, as the tables beside the sentence do."""
    return f"{round_bound(probability, decimals=2):.2f}"


def _row(
    told: dict[str, Any], actor_id: str, shown: str, inferred: dict[str, Any] | None
) -> dict[str, Any]:  # fmt: skip
    seen = inferred or {}
    return {
        "actor_id": actor_id,
        "actor": seen.get("actor", shown),
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
