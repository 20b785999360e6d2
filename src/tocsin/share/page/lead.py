"""The plain first page: what is happening, what may come, how sure, what changed, what to do.

The sentences stand in a file a language (`en.toml`, `fr.toml`, `ar.toml`); here they are chosen and
filled. Names of months and states, lists and numbers follow the language's rules (Unicode CLDR, by
Babel).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from tocsin.errors import UsageError, require
from tocsin.schema.geography.territory import alpha2
from tocsin.schema.tables.anticipated.forecast import SERIOUS
from tocsin.share.facts.words import Facts

LANGUAGES = ("en", "fr", "ar")
RIGHT_TO_LEFT = ("ar",)
OWN_NAMES = {"en": "English", "fr": "français", "ar": "العربية"}
"""What each language calls itself."""
SAID_WORDS = ("almost certain", "very likely", "likely", "about as likely as not")
"""The words for which all territories are named; more than a few others are only counted."""
NAMED_PLACES = 3
"""Territories that a sentence names where it need not name all."""
NARROW = 0.8
"""Intervals of 90 % that held less than this are said to be too narrow."""
ALIKE = 0.1
"""Two counts that differ by a smaller share are called about as many."""
FADED = 8
"""Three months with less than a year's eighth, half of their share, say too little of that year."""


def page_name(stem: str, language: str) -> str:
    """Give the name of the file that holds a page in a language; the first one needs no mark.

    >>> page_name("plan", "en"), page_name("plan", "ar")
    ('plan.html', 'plan.ar.html')
    """
    return f"{stem}.html" if language == LANGUAGES[0] else f"{stem}.{language}.html"


class Words:
    """This holds the sentences of one language, and how it writes numbers, dates, lists and states.

    Raises:
        UsageError: there is no such language.
        MissingExtra: Babel, of the extra `share`, is not installed.
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise UsageError(
                f"There is no first page in '{language}'.",
                remedy=f"Choose among {', '.join(LANGUAGES)}.",
            )
        self.language = language
        self.direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        self._said = _catalogue(language)
        self._babel = require("babel", extra="share")

    def say(self, key: str, **values: object) -> str:
        """Give a sentence with its blanks filled.

        Args:
            key: the name of the sentence.
            values: what stands in its blanks, by their names.
        """
        if self.direction == "rtl":
            # A name in another script is kept apart, or it would turn the marks beside it around
            # (Unicode Standard Annex 9, first strong isolate).
            values = {name: f"\u2068{value}\u2069" for name, value in values.items()}
        return str(self._said[key]).format(**values)

    def word(self, group: str, key: str) -> str:
        """Give a word of a closed list; a key that the list does not know stays as it is.

        Args:
            group: the name of the list.
            key: the word that stands for it in the code.
        """
        found: Mapping[str, str] = self._said[group]
        return found.get(key, key)

    def number(self, value: float) -> str:
        """Write a number without decimals, with the language's separators."""
        return str(self._format("numbers").format_decimal(round(value), locale=self.language))

    def percent(self, share: float) -> str:
        """Write a share (0 to 1) in per cent, and never as nought or all unless it is so."""
        shown = min(max(share, 0.01), 0.99) if 0 < share < 1 else share
        return self.per_cent(shown)

    def per_cent(self, share: float, form: str | None = None) -> str:
        """Write a share (0 to 1) in per cent as it is, with the sign of the language's texts.

        Args:
            share: what is written; 1 is 100 %.
            form: a pattern of Unicode's CLDR, such as `0.0%`; the language's own if there is none.
        """
        told = self._format("numbers").format_percent(share, format=form, locale=self.language)
        return str(told).replace("%", "٪") if self.language == "ar" else str(told)

    def month(self, day: date) -> str:
        """Write the month and the year of a day."""
        return str(self._format("dates").format_date(day, "MMMM y", locale=self.language))

    def day(self, day: date) -> str:
        """Write a day in full, as the language does."""
        return str(self._format("dates").format_date(day, "long", locale=self.language))

    def list_items(self, items: Sequence[str]) -> str:
        """Write items as the language lists them: a, b and c."""
        return str(self._format("lists").format_list(list(items), locale=self.language))

    def territory(self, row: Facts) -> str:
        """Give a state's name in the language, or tocsin's own name where the language has none.

        Args:
            row: a territory among the facts, with `gwno` and `territory`.
        """
        name = str(row["territory"])
        if self.language == "en":
            return name
        code = alpha2(row["gwno"])
        names: Mapping[str, str] = self._babel.Locale(self.language).territories
        return names.get(code or "", name)

    def _format(self, module: str) -> Any:
        return require(f"babel.{module}", extra="share")


@cache
def _catalogue(language: str) -> dict[str, Any]:
    text = files("tocsin.share.page").joinpath(f"words/{language}.toml").read_text("utf-8")
    if language == "fr":
        # A French sign that stands apart from its word must not begin a line.
        text = re.sub(r" (?=[:;!?»%])|(?<=«) ", "\u00a0", text)
    return tomllib.loads(text)


def lead(facts: Facts, words: Words) -> list[Facts]:
    """Write the paragraphs of the first page.

    Args:
        facts: the facts of a brief.
        words: the sentences of the language in which it is written.

    Returns:
        A dict for each paragraph: `heading`, `sentences`, `items`, a list that may be empty, and
        `after`, sentences that stand below the list.
    """
    if not facts["risk"]:
        return _without_forecast(facts, words)
    parts: tuple[tuple[str, Callable[[Facts, Words], Facts]], ...] = (
        ("happening", _happening),
        ("coming", _coming),
        ("sure", _sure),
        ("changed", _changed),
        ("called", _called),
    )
    return [
        {"heading": words.say(key), "sentences": [], "items": [], "after": []} | part(facts, words)
        for key, part in parts
    ]


def _without_forecast(facts: Facts, words: Words) -> list[Facts]:
    """What was reported, and that there is no forecast: nothing is said of how sure it is."""
    rows = facts["reported"] or facts["recorded"]
    most = [row for row in rows[:NAMED_PLACES] if row["deaths"]]
    told = {
        "deaths": words.number(sum(row["deaths"] for row in rows)),
        "places": words.list_items(
            [f"{words.territory(row)} ({words.number(row['deaths'])})" for row in most]
        ),
        **_shared(facts, words),
    }
    if facts["reported"]:
        told["count"] = words.number(sum(row["incidents"] for row in rows))
        told["first"] = words.day(min(row["first"] for row in rows))
        told["last"] = words.day(max(row["last"] for row in rows))
    key = "reported" if facts["reported"] else "year"
    one = "_one" if len(rows) == 1 else ""
    said = words.say(f"{key}{one}" if most else f"{key}_none", **told)
    return [
        {"heading": words.say(part), "sentences": [sentence], "items": [], "after": []}
        for part, sentence in (("happening", said), ("coming", words.say("no_forecast")))
    ]


def _shared(facts: Facts, words: Words) -> dict[str, str]:
    return {
        "region": facts["region"],
        "violence": words.word("violence", facts["target"]),
        "origin": words.month(facts["origin"]),
    }


def _happening(facts: Facts, words: Words) -> Facts:
    shared = _shared(facts, words)
    now = sum(row["last_3"] for row in facts["risk"])
    before = sum(row["year_before_3"] for row in facts["risk"])
    year = sum(row["last_12"] for row in facts["risk"])
    earlier = year >= SERIOUS and now * FADED < year
    rest = [words.say("before", deaths=words.number(year), **shared)] if earlier else []
    if not now:
        return {"sentences": [words.say("recorded_none", **shared), *rest]}
    most = sorted(facts["risk"], key=lambda row: (-row["last_3"], row["gwno"]))[:NAMED_PLACES]
    places = words.list_items(
        [f"{words.territory(row)} ({words.number(row['last_3'])})" for row in most if row["last_3"]]
    )
    alike = abs(now - before) <= ALIKE * max(now, before)
    key = "same" if alike else "more" if now > before else "fewer"
    named = sum(row["last_3"] for row in most)
    key_now = (
        "recorded" if named < now else "recorded_in" if len(facts["risk"]) > 1 else "recorded_one"
    )
    sentences = [
        words.say(key_now, deaths=words.number(now), places=places, **shared),
        words.say(key, before=words.number(before)),
        *rest,
    ]
    if every := facts["recent"]:
        told = {name: words.number(every[name]) for name in ("incidents", "deaths")}
        where = [words.territory(row) for row in every["places"]]
        told["places"] = (
            words.list_items(where)
            if len(where) <= NAMED_PLACES
            else words.say("some_places", count=words.number(len(where)))
        )
        # Where all of the region was read, the sentence needs no place.
        whole = len(where) == len(facts["risk"])
        sentences.append(words.say("of_all_kinds_whole" if whole else "of_all_kinds", **told))
    return {"sentences": sentences}


def _coming(facts: Facts, words: Words) -> Facts:
    risk = facts["risk"]
    # A region of one territory is named, and not spoken of as if it had several.
    said = SAID_WORDS if len(risk) != 1 else (risk[0]["word"],)
    by = {word: [words.territory(row) for row in risk if row["word"] == word] for word in said}
    items = [
        words.say(
            "in_word" if len(places) > 1 else "in_word_one",
            word=words.word("word", word),
            places=words.list_items(places),
        )
        for word, places in by.items()
        if places
    ]
    rest = [words.territory(row) for row in facts["risk"] if row["word"] not in by]
    if rest:
        told = {row["word"] for row in facts["risk"] if row["word"] not in by}
        remote = "_remote" if told <= {"remote"} else ""
        very = remote or ("_very" if told <= {"remote", "very unlikely"} else "")
        few = "rest_one" if len(rest) == 1 else "rest_few" if len(rest) <= NAMED_PLACES else "rest"
        key = few + remote if items else "rest_all" + very
        items.append(words.say(key, count=len(rest), places=words.list_items(rest)))
    first, last = words.month(facts["first"]), words.month(facts["last"])
    shared = _shared(facts, words)
    ahead = words.say("ahead", first=first, last=last, serious=SERIOUS, **shared)
    return {"sentences": [ahead], "items": items, "after": _far_from_now(facts, words)}


def _far_from_now(facts: Facts, words: Words) -> list[str]:
    return [far_sentence(row, words) for row in facts["risk"] if row["far"]]


def far_sentence(row: Facts, words: Words) -> str:
    """Say that the middle of a forecast is far above what is recorded now, and why.

    Args:
        row: a territory with its risk, whose `far` is not empty.
        words: the sentences of the language.
    """
    told = {
        "median": row["median"],
        "recent": row["last_3"],
        "last": row["last_1"],
        "usual": row["last_12"] / 12,
    }
    numbers = {name: words.number(value) for name, value in told.items()}
    return words.say(row["far"], place=words.territory(row), **numbers)


def _sure(facts: Facts, words: Words) -> Facts:
    found, kept = [], facts["kept"]
    if kept:
        found.append(
            words.say(
                "kept_lent" if kept.get("lent") else "kept",
                least=words.percent(kept["least"]),
                came=words.number(kept["came"]),
                n=words.number(kept["n"]),
                share=words.percent(kept["share"]),
            )
        )
        if (own := kept.get("own")) and own["hits"] + own["false_alarms"]:
            found.append(
                words.say(
                    "own" if own["misses"] else "own_all",
                    hits=words.number(own["hits"]),
                    raised=words.number(own["hits"] + own["false_alarms"]),
                    misses=words.number(own["misses"]),
                    events=words.number(own["events"]),
                )
            )
    else:
        of_region = {row["region"]: row["coverage"] for row in facts["record"] if row["chosen"]}
        for key, region in (("held", "recently in conflict"), ("held_all", "all")):
            if region in of_region:
                found.append(words.say(key, coverage=words.percent(of_region[region])))
                found += [words.say("narrow")] if of_region[region] < NARROW else []
                break
    found.append(words.say("blind"))
    found += [
        words.say("lost", horizon=row["horizon"], fault=words.word("fault", row["fault"]))
        for row in facts["calibration"]
        if row["lost"]
    ]
    return {"sentences": found}


def _changed(facts: Facts, words: Words) -> Facts:
    return {"sentences": _moved(facts, words) + _ended(facts, words)}


def _moved(facts: Facts, words: Words) -> list[str]:
    since, moved = facts["changes"]["since"], facts["changes"]["moved"]
    if since is None:
        return [words.say("first_brief")]
    if not moved:
        return [words.say("unchanged", since=words.month(since))]
    told = [
        words.say(
            "up" if row["now"] > row["before"] else "down",
            place=words.territory(row),
            before=words.number(row["before"]),
            now=words.number(row["now"]),
        )
        for row in moved
    ]
    sentences = [words.say("moved", since=words.month(since), changes=words.list_items(told))]
    recorded = [
        words.say(
            "why_in",
            place=words.territory(row),
            before=words.number(row["recorded_before"]),
            now=words.number(row["recorded_now"]),
        )
        for row in moved
        if row["recorded_before"] is not None and row["recorded_now"] is not None
    ]
    if recorded:
        sentences.append(words.say("why", recorded=words.list_items(recorded)))
    return sentences


def _ended(facts: Facts, words: Words) -> list[str]:
    """Which warnings ended since the alerts were told before, a sentence a reason and rule."""
    told: dict[tuple[str, str], list[str]] = {}
    for row in facts["ended"]:
        place = words.say(
            f"ended_{row['why']}_in", place=words.territory(row),
            before=words.percent(row["before"]), now=words.percent(row["now"] or 0),
            last=words.month(row["until"] - timedelta(days=1)),
        )  # fmt: skip
        told.setdefault((row["why"], words.word("rule", row["rule"])), []).append(place)
    found = []
    for (why, rule), places in told.items():
        if more := len(places[NAMED_PLACES + 1 :]):
            places[NAMED_PLACES:] = [words.say("ended_others", n=words.number(more + 1))]
        found.append(words.say(f"ended_{why}", rule=rule, places=words.list_items(places)))
    return found


def _called(facts: Facts, words: Words) -> Facts:
    if not facts["alerts"]:
        return {"sentences": [words.say("no_rules")]}
    found = []
    for rule in facts["alerts"]:
        name = words.word("rule", rule["rule"])
        raised = [one for one in rule["standing"] if rule["proven"] and one["raised"]]
        for key, lasting in (("new", False), ("lasting", True)):
            places = [
                words.say("since", place=words.territory(one), month=words.month(one["since"]))
                for one in raised
                if one["lasting"] is lasting
            ]
            if places:
                found.append(words.say(key, rule=name, places=words.list_items(places)))
        if raised and rule.get("action"):
            found.append(words.say("action", rule=name, action=rule["action"].rstrip(".")))
    return {"sentences": found or [words.say("quiet")]}
