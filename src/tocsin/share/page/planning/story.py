"""What the page says of each portfolio in sentences: how much, how sure, and where it lies."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tocsin.base.display.bounds import round_bound
from tocsin.schema.vocabulary.portfolio import STATUS_QUO
from tocsin.share.facts.portfolios import LITTLE
from tocsin.share.facts.risk import FALLEN
from tocsin.share.facts.words import Facts
from tocsin.share.page.language import Words
from tocsin.share.page.lead import far_sentence
from tocsin.share.page.planning.words import PlanWords

FIRM = 4.0
"""A difference whose order turns at no smaller factor is called firm within the model."""


def story(
    comparisons: Sequence[Facts], outcomes: Sequence[Facts], violence: str, words: PlanWords
) -> Facts:
    """Tell of deaths under the status quo, and of what each portfolio changes.

    Args:
        comparisons: as `facts.portfolios.comparisons` lists them.
        outcomes: as `facts.portfolios.outcomes` lists them; may be empty.
        violence: the name of the target whose deaths these are, such as 'ged_sb'.
        words: the sentences of the language.

    Returns:
        `status`, a sentence (empty without outcomes); `portfolios`: of each its `name`, its
        `sentences` and its `verdict`; and `warnings`, what the first page says of territories that
        carry a difference.
    """
    rows = [
        row for row in comparisons if row["outcome"] == "deaths" and row["against"] == STATUS_QUO
    ]
    base = [
        row for row in outcomes if row["outcome"] == "deaths" and row["portfolio"] == STATUS_QUO
    ]
    status = ""
    if base:
        status = _status(base[0], Words(words.language).word("violence", violence), words)
    places = {
        row["driver"]["territory"]: row["driver"] for row in rows if _does_carry(row["driver"])
    }
    return {
        "status": status,
        "portfolios": [_portfolio(row, words) for row in rows],
        "warnings": [one for driver in places.values() if (one := warning(driver, words))],
    }


def _status(row: Facts, violence: str, words: PlanWords) -> str:
    """What the status quo has: where most futures are calm, the chance of a war beside the mean."""
    told = {name: _about(row[name], words) for name in ("mean", "low", "high")}
    # Half of the futures have at most so many.
    told["median"] = words.number(math.ceil(round_bound(row["median"], most=True)))
    chance = row.get("p_1000")
    key = "status"
    if chance is not None and 0 < chance < 0.5:
        key = "status_rare"
        told |= {"chance": words.bound(chance, most=True), "many": words.number(1000)}
    found = [words.say(key, violence=violence, **told)]
    if row.get("judgement") is not None:
        little = row["judgement"] < LITTLE
        found.append(
            words.say("status_judged_little")
            if little
            else words.say("status_judged", share=words.bound(row["judgement"], decimals=0))
        )
    return " ".join(found)


def _portfolio(row: Facts, words: PlanWords) -> Facts:
    """The sentences on one portfolio against the status quo."""
    key = "less" if row["mean"] < 0 else "more"
    ends = {
        side: "–" if row[side] is None else _say_sign(row[side], words)
        for side in ("low", "median", "high")
    }
    found = [words.say(key, mean=_about(abs(row["mean"]), words), **ends)]
    found += driver_sentences(row["driver"], words)
    if row["p_better_low"] is not None:
        told = {"share": words.bound(row["p_better"]), "bound": words.bound(row["p_better_low"])}
        found.append(words.say("better", futures=words.number(row["n_futures"]), **told))
    if row["p_better_2"] is not None and row["p_better_4"] is not None:
        two, four = words.bound(row["p_better_2"]), words.bound(row["p_better_4"])
        found.append(words.say("doubt", two=two, four=four))
    if row["flips_at"] is not None:
        key = "flips" if row["flips_at"] > 1 else "unshown"
        found.append(words.say(key, flip=words.amount(row["flips_at"], "least")))
    if row["judgement"] is not None:
        little = row["judgement"] < LITTLE
        key = "judgement_little" if little else "judgement"
        found.append(words.say(key, share=words.bound(row["judgement"], decimals=0)))
    better = row["p_better"] > 0.5 and row["mean"] < 0
    firm = row["flips_at"] is not None and row["flips_at"] >= FIRM
    verdict = words.say("worse" if not better else "holds" if firm else "open")
    return {"name": words.portfolio(row["portfolio"]), "sentences": found, "verdict": verdict}


def driver_sentences(driver: Facts | None, words: PlanWords) -> list[str]:
    """Say in which territory most of a difference lies; nothing where there is but one.

    Args:
        driver: as `facts.portfolios.driver` gives it.
        words: the sentences of the language.
    """
    if driver is None or driver["only"]:
        return []
    row = driver["risk"]
    place = driver["territory"] if row is None else words.in_place(row)
    if not _does_carry(driver) and driver.get("both_ways"):
        most, rest = (_say_sign(driver[name], words) for name in ("change", "rest"))
        return [words.say("both_ways", place=place, most=most, rest=rest)]
    if not _does_carry(driver):
        # It is less than a half, and must not read as one.
        share = words.bound(driver["share"], decimals=0)
        return [words.say("spread", share=share, place=place)]
    told = {"share": words.percent(driver["share"]), "place": place}
    # What the others have goes the other way: the whole is less than what lies there.
    over = driver["share"] >= 1 and abs(driver["rest"]) >= 0.5
    rest = _say_sign(driver["rest"], words)
    if over:
        return [words.say("driver_over", rest=rest, place=place)]
    return [words.say("driver", rest=rest, **told)]


def warning(driver: Facts, words: PlanWords) -> str:
    """Say what the first page says of the territory that carries a difference.

    Args:
        driver: as `facts.portfolios.driver` gives it.
        words: the sentences of the language.

    Returns:
        Nothing where the forecast is not far from what is recorded there now.
    """
    row = driver["risk"]
    if row is None or not row["far"]:
        return ""
    found = [far_sentence(row, Words(words.language))]
    found += [words.say("if_over")] if row["far"] == FALLEN else []
    return " ".join(found)


def _does_carry(driver: Facts | None) -> bool:
    return driver is not None and driver["carries"]


def _about(value: float, words: PlanWords) -> str:
    """A number with two digits that count: a simulation knows no more."""
    return words.number(float(f"{value:.2g}"))


def _say_sign(value: float, words: PlanWords) -> str:
    """A difference in words: fewer or more, or none."""
    if abs(value) < 0.5:
        return words.number(0)
    return words.say("fewer_n" if value < 0 else "more_n", n=_about(abs(value), words))
