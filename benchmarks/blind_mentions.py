"""Score the reading of mentions on invented texts of an author who knew none of its rules.

Each text stands alone: what is known beside it is a state, and the list of organisations that
the answers of its region name, as a list of actors would. The rows of a text may hold several
classes, and several parts.

Example: python benchmarks/blind_mentions.py dev
"""

from __future__ import annotations

import csv
import math
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from tocsin.assess.technology.mentions.reading import Setting, Statement, read

FOLDER = Path(__file__).parent / "labels" / "invented_regions"
STATE = ("Government of Fiji", 950)
"""The event's state in each text: the regions are invented, and no text names this one."""
Row = dict[str, Any]


def main() -> None:
    """Print the scores, and with `--errors` every error."""
    name, errors = sys.argv[1], "--errors" in sys.argv
    with (FOLDER / f"blind_{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sides = organisations(rows)
    told: dict[str, list[tuple[Row, list[Statement]]]] = defaultdict(list)
    for text in dict.fromkeys(row["text"] for row in rows):
        mine = [row for row in rows if row["text"] == text]
        named = ", ".join(sides[mine[0]["region"]]) or None
        found = read(text, Setting(STATE[1], STATE[0], named))
        for one in (mine[0]["language"], mine[0]["kind"], "all"):
            told[one].append((mine, found))
    for one, texts in told.items():
        print_scores(one, texts, errors=errors and one == "all")


def organisations(rows: list[Row]) -> dict[str, list[str]]:
    """Return by region the organisations that its answers name, longest names first."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for side in ("by", "against"):
            if row[side] == "organisation":
                found[row["region"]].add(row[f"{side}_name"])
    return defaultdict(list, {one: sorted(all_, key=len)[::-1] for one, all_ in found.items()})


def print_scores(one: str, texts: list[tuple[Any, list[Statement]]], *, errors: bool) -> None:
    """Print precision and recall of uses and of mentions, and who it was."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for mine, found in texts:
        text = mine[0]["text"]
        for measure, wanted, got in (
            ("tags", uses(mine), {(s.technology, s.part) for s in found if s.use >= 0.5}),
            (
                "mentions",
                mentions(mine),
                {(s.technology, s.part) for s in found if s.is_class >= 0.5},
            ),
        ):
            for key in wanted | got:
                right = key in wanted and key in got
                counts[f"{measure}: precision"][0] += right
                counts[f"{measure}: precision"][1] += key in got
                counts[f"{measure}: recall"][0] += right
                counts[f"{measure}: recall"][1] += key in wanted
                if errors and not right and measure == "tags":
                    print("FALSE" if key in got else "MISSED", key[0], "|", text)
        for row in mine:
            if row["is_class"] != "1":
                continue
            it = next((s for s in found if key_of(row) == (s.technology, s.part)), None)
            if it is None or it.is_class < 0.5:
                continue
            for field in ("said", "by", "against"):
                got = value_of(it, field)
                wanted = row[field].replace("civilians", "nobody")
                counts[field][0] += got == wanted
                counts[field][1] += 1
                if errors and got != wanted:
                    print(f"{field} {got}, wanted {wanted} | {row['technology']} | {text}")
    print(f"{one}: {len(texts)} texts")
    for measure, (right, of) in counts.items():
        low, high = wilson(right, of)
        print(f"    {measure:20} {right / max(of, 1):.3f} ({low:.2f} to {high:.2f}) of {of}")


def key_of(row: Row) -> tuple[str, int]:
    """Return the class and the part of a row."""
    before = row["text"][: int(row["start"])]
    return row["technology"], sum(before.count(sign) for sign in ";|؛")


def uses(rows: list[Row]) -> set[tuple[str, int]]:
    """Return what the answers call a use."""
    return {key_of(row) for row in rows if row["use"] == "1"}


def mentions(rows: list[Row]) -> set[tuple[str, int]]:
    """Return what the answers call of the class."""
    return {key_of(row) for row in rows if row["is_class"] == "1"}


def value_of(it: Statement, field: str) -> str:
    """Return what a statement says in a field of the answers."""
    if field == "said":
        return it.said
    party = it.by if field == "by" else it.against
    return party.kind.replace("civilians", "nobody") if party else "nobody"


def wilson(right: int, of: int) -> tuple[float, float]:
    """Return Wilson's interval of 95 % of a share."""
    if not of:
        return 0.0, 1.0
    share, z = right / of, 1.96
    middle = share + z * z / (2 * of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - half) / (1 + z * z / of), (middle + half) / (1 + z * z / of)


if __name__ == "__main__":
    main()
