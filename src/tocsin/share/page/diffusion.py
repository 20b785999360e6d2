"""The page on how technology spreads, in each language: the verdict first."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from tocsin.base.display.bounds import round_bound
from tocsin.errors import require
from tocsin.schema.tables.anticipated.diffusion import CAPABILITIES, CONTROLS, CONVERGED
from tocsin.schema.tables.assessed.attribution import NAMED_FROM
from tocsin.schema.vocabulary.technology import TECHNOLOGIES
from tocsin.share.charts.diffusion import diffusion_charts
from tocsin.share.facts.diffusion import RANKED_BY
from tocsin.share.facts.words import Facts
from tocsin.share.page.language import LANGUAGES, Words, other_languages

__all__ = ["LANGUAGES", "PageWords"]


class PageWords(Words):
    """This holds the sentences of the page on diffusion in one language.

    Raises:
        UsageError: there is no such language.
        MissingExtra: Babel, of the extra `share`, is not installed.
    """

    PAGE = "diffusion"

    def percent(self, share: float) -> str:
        """Write a share (0 to 1) in per cent, and what is below one as that: many chances are."""
        shown = super().percent(share)
        # A sign before a number would turn around in a page that runs from right to left.
        key = "under" if 0 < share < 0.01 else "over" if 0.99 < share < 1 else ""
        return self.say(key, share=shown) if key else shown

    def decimal(self, value: float, digits: int = 2) -> str:
        """Write a number with so many digits behind the point or comma."""
        form = "0." + "0" * digits
        numbers = self._format("numbers")
        # What rounds to nothing has no sign.
        rounded = round(value, digits) + 0.0
        said = str(numbers.format_decimal(rounded, format=form, locale=self.language))
        said = said.replace("-", "\N{MINUS SIGN}")
        return f"\u2066{said}\u2069" if self.direction == "rtl" else said

    def cautious(self, actor: str, probability: float) -> str:
        """Write an organisation's name as `facts.words.cautious_name` does, in the language."""
        if probability >= NAMED_FROM:
            return actor
        share = self.decimal(round_bound(probability, decimals=2))
        return self.say("possibly", name=actor, share=share)

    def span(self, low: float, high: float) -> str:
        """Write the ends of an interval, of which either may be below nothing."""
        return self.say("span", low=self.decimal(low), high=self.decimal(high))


def page_values(facts: Facts, language: str) -> dict[str, Any]:
    """Make what the page's template is filled with.

    Args:
        facts: the facts of the brief, with `diffusion` among them.
        language: one of `LANGUAGES`.

    Returns:
        Values by the names that the template uses; `charts` may be empty.

    Raises:
        UsageError: there is no page in that language.
        MissingExtra: the extra `share` is not installed.
    """
    require("babel", extra="share")
    words = PageWords(language)
    told = _in_language(facts["diffusion"], words)
    return {
        "d": told,
        "words": words,
        "charts": diffusion_charts(
            _translate_map(told, words), words.say, words.word, words.written
        ),
        "verdict_sentence": sentence(told, words),
        "unsure": _unsure(told["verdict"], words),
        "controls": controls(told),
        "unseen_ties": _unseen(told, words),
        "growth_sentence": _growth(told, words),
        "channel": partial(_channel, words),
        "technologies": TECHNOLOGIES,
        "unlearnt": words.list_items([words.word("technology", one) for one in told["unlearnt"]])
        if told["unlearnt"]
        else "",
        "begun": words.list_items(
            [
                words.say("begun", territory=words.territory(one), day=words.day(one["day"]))
                for one in told["begun"]
            ]
        ),
        "lone": _entries(told["timeline"], "lone", words),
        "unnamed": _entries(told["timeline"], "unnamed", words),
        "dimensions": CAPABILITIES,
        "alternatives": list(dict.fromkeys(row["alternative"] for row in told["alternatives"])),
        "doubtful": any(row["whole"] > row["ascribed"] for row in told["expected"]),
        "past_year": _past_year(told),
        "fading": any(row["without_ended"] != row["probability"] for row in told["next"]),
        "others": other_languages("diffusion", language),
    }


def _past_year(told: Facts) -> Facts | None:
    """First uses within a year that past chances expected, beside those that came."""
    for row in told["foreseen"]:
        if row["months"] == RANKED_BY:
            shown = told["verdict"] is not None and told["verdict"]["shown"]
            expected = row["expected_network" if shown else "expected_territory"]
            return {"expected": expected, "came": row["events"]}
    return None


def _entries(timeline: list[Facts], which: str, words: PageWords) -> str:
    """Name the entries of the timeline of which something holds; empty where it holds of none."""
    named = [
        f"{one['named']} ({words.word('technology', one['technology']).lower()})"
        for one in timeline
        if one[which]
    ]
    # An organisation stands in the timeline once for each territory.
    return words.list_items(list(dict.fromkeys(named))) if named else ""


def _in_language(told: Facts, words: PageWords) -> Facts:
    """The facts with a doubt before a name said in the language of the page."""
    if words.language == LANGUAGES[0]:
        return told
    rows = [
        row | {"named": words.cautious(row["actor"], row["confidence"])} if "actor" in row else row
        for row in told["timeline"]
    ]
    return told | {"timeline": rows}


def _translate_map(told: Facts, words: PageWords) -> Facts:
    """The facts with territories of the map called as the language calls them."""
    named = {row["territory"]: words.territory(row) for row in told["places"]}
    return told | {
        "places": [row | {"territory": named[row["territory"]]} for row in told["places"]],
        "joined": [
            row | {end: named.get(row[end], row[end]) for end in ("from", "to")}
            for row in told["joined"]
        ],
    }


def sentence(told: Facts, words: PageWords) -> str:
    """Write the verdict: whether the data show that technology spreads along ties.

    Args:
        told: what `facts.diffusion.diffusion` gives.
        words: the sentences of the language.
    """
    verdict = told["verdict"]
    if verdict is None:
        return " ".join([words.say("nothing"), *told["notes"]])
    if verdict["shown"]:
        return words.say("shown")
    names = [words.word("control_name", one) for one in verdict["missed"].split()]
    return words.say("missed", missed=words.list_items(names))


def _unsure(whole: Facts | None, words: PageWords) -> str:
    """Say so where the sampler's chains do not agree; empty where they do."""
    if whole is None or whole["r_hat"] <= CONVERGED:
        return ""
    return words.say("unsure", r_hat=words.decimal(whole["r_hat"]), aim=words.decimal(CONVERGED))


def controls(told: Facts) -> list[Facts]:
    """List the controls: the network's share in each, its p-value, and whether it is beaten.

    Args:
        told: what `facts.diffusion.diffusion` gives.

    Returns:
        Rows of `name` (of `CONTROLS`), `share` and `p` (None where there is none) and `missed`
        (None where time was not reversed, since everybody took it up).
    """
    verdict = told["verdict"]
    if verdict is None:
        return []
    shares = {"worlds": "null_share", "past": None} | {
        name: f"{name}_share" for name in ("rewired", "permuted", "reversed")
    }
    chances = {"worlds": "p_null", "rewired": "p_rewired", "permuted": "p_permuted"}
    missed: dict[str, bool | None] = {name: name in verdict["missed"].split() for name in CONTROLS}
    if verdict["reversed_share"] is None:
        missed["reversed"] = None
    return [
        {
            "name": name,
            "share": verdict[shares[name]] if shares[name] else None,
            "p": verdict[chances[name]] if name in chances else None,
            "missed": missed[name],
        }
        for name in CONTROLS
    ]


def _channel(words: PageWords, channel: str) -> str:
    return " = ".join(words.word("channel_name", one) for one in channel.split(" = "))


def _unseen(told: Facts, words: PageWords) -> list[Facts]:
    """The share of each channel as it is told, and if ties or users are unseen."""
    other: dict[str, dict[str, Facts]] = {}
    for row in told["alternatives"]:
        other.setdefault(row["channel"], {})[row["alternative"]] = row
    return [
        {
            **{name: row[name] for name in ("mean", "low", "high", "upper")},
            "channel": _channel(words, row["channel"]),
            "unseen": list(other[row["channel"]].values()),
        }
        for row in told["shares"]
        if row["channel"] in other
    ]


def _growth(told: Facts, words: PageWords) -> str:
    """How many uses grew, how fast, and whether ties carried it; empty where nothing is told."""
    if not told["growth"]:
        return ""
    whole = told["growth"][0]
    verdict = words.say("growth_shown")
    if not whole["shown"]:
        names = [words.word("control_name", one) for one in whole["missed"].split()]
        verdict = words.say("growth_missed", missed=words.list_items(names))
    # A rate a month becomes the chance within a year.
    rate, low, high = (
        words.percent(1.0 - math.exp(-12 * whole[name]))
        for name in ("rate", "rate_low", "rate_high")
    )
    said = words.say(
        "growth_note", users=words.number(whole["users"]), grown=words.number(whole["grown"]),
        rate=rate, low=low, high=high, verdict=verdict,
    )  # fmt: skip
    return f"{said} {_unsure(whole, words)}".rstrip()
