"""What pages say of a portfolio's parts: what each lever adds, and what a late start costs."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.share.facts.words import Facts
from tocsin.share.page.planning.words import PlanWords

ENDS = ("mean", "low", "high")


def say_parts(parts: Sequence[Facts], words: PlanWords) -> list[Facts]:
    """Put what each lever adds into the words of a language.

    Args:
        parts: as `facts.portfolios.parts` lists them.
        words: the sentences of the language.

    Returns:
        For each portfolio its name (`portfolio`), `note` and `together`, sentences, and `rows` of
        texts: `what` is left out or late, `crosses` (a limit in words; or empty),
        `saved`, `deaths`, `share`, and the outcomes that are `worse` and `better` for it.
    """
    return [
        {
            "portfolio": words.portfolio(row["portfolio"]),
            "note": words.say("parts_note", futures=words.number(row["n_futures"])),
            "together": words.say(
                "parts_together",
                **{name: words.amount(row[name]) for name in ("whole", "summed")},
            ),
            "rows": [_say_part(one, words) for one in row["rows"]],
        }
        for row in parts
    ]


def _say_part(row: Facts, words: PlanWords) -> Facts:
    """One variant as texts."""
    mean, low, high = (words.amount(row[end]) for end in ENDS)
    late = words.number(row["months"])
    return {
        "what": words.lever(row["lever"]) if row["lever"] else words.say("parts_late", months=late),
        "crosses": words.limit(row["crosses"]) if row["crosses"] else "",
        "saved": words.amount(row["saved"]) if row["lever"] else "–",
        "deaths": f"{mean} ({words.say('to', low=low, high=high)})",
        "share": _say_share(row, words),
        **{side: _say_outcomes(row[side], row["others"], words) for side in ("worse", "better")},
    }


def _say_outcomes(names: Sequence[str], others: int, words: PlanWords) -> str:
    """Outcomes as a list, or that it is all of the others."""
    if len(names) == others > 1:
        return words.say("parts_all")
    return words.list_items([words.outcome(one) for one in names]) or "–"


def _say_share(row: Facts, words: PlanWords) -> str:
    """In how many futures there are more deaths, and whether that is shown."""
    if not any(row[end] for end in ENDS):
        return words.say("parts_nothing")
    told = {"share": words.bound(row["p_worse"]), "bound": words.bound(row["p_worse_low"])}
    return words.say(f"parts_{row['order'] or 'unshown'}", **told)
