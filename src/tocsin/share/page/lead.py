"""The plain first page: what is happening, what may come, how sure, what changed, what to do.

The sentences stand in a file a language (`words/`); here they are chosen and filled.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tocsin.schema.tables.anticipated.forecast import SERIOUS
from tocsin.share.facts.words import Facts
from tocsin.share.page.happening import (
    NAMED_PLACES,
    common_words,
    happening,
    other_violence,
    say_doubles,
    say_unread,
)
from tocsin.share.page.language import Words

SAID_WORDS = ("almost certain", "very likely", "likely", "about as likely as not")
"""The words for which all territories are named; more than a few others are only counted."""
UNLIKELY = 0.45
"""Below this a probability may be read as calm, though there is violence of other kinds."""
NARROW = 0.8
"""Intervals of 90 % that held less than this are said to be too narrow."""


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
        ("happening", happening),
        ("coming", _coming),
        ("sure", _sure),
        ("changed", _changes),
        ("called", _calls),
    )
    return [
        {"heading": words.say(key), "sentences": [], "items": [], "after": []} | part(facts, words)
        for key, part in parts
    ]


def _without_forecast(facts: Facts, words: Words) -> list[Facts]:
    """What was reported, and that there is no forecast: nothing is said of how sure it is."""
    rows = facts["reported"] or facts["recorded"]
    most = [row for row in rows[:NAMED_PLACES] if row["deaths"]]
    deaths = sum(row["deaths"] for row in rows)
    told = {
        "deaths": words.number(deaths),
        "in_places": words.list_items(
            [f"{words.in_place(row)} ({words.number(row['deaths'])})" for row in most]
        ),
        **common_words(facts, words),
    }
    if facts["reported"]:
        told["count"] = words.number(sum(row["incidents"] for row in rows))
        told["first"] = words.day(min(row["first"] for row in rows))
        told["last"] = words.day(max(row["last"] for row in rows))
    key = "reported" if facts["reported"] else "year"
    # 'Most of them in' would be wrong where no other place has any.
    all_named = sum(row["deaths"] for row in most) == deaths
    one = "_one" if len(rows) == 1 else "_in" if all_named else ""
    said = [
        *say_unread(facts, words),
        words.say(f"{key}{one}" if most else f"{key}_none", **told),
        *say_doubles(facts, words),
    ]
    return [
        {"heading": words.say(part), "sentences": sentences, "items": [], "after": []}
        for part, sentences in (("happening", said), ("coming", [words.say("no_forecast")]))
    ]


def _coming(facts: Facts, words: Words) -> Facts:
    risk = facts["risk"]
    # A region of one territory is named, and not spoken of as if it had several.
    said = SAID_WORDS if len(risk) != 1 else (risk[0]["word"],)
    by = {word: [words.in_place(row) for row in risk if row["word"] == word] for word in said}
    items = [
        words.say(
            "in_word" if len(places) > 1 else "in_word_one",
            word=words.word("word", word),
            in_places=words.list_items(places),
        )
        for word, places in by.items()
        if places
    ]
    rest = [words.in_place(row) for row in facts["risk"] if row["word"] not in by]
    if rest:
        told = {row["word"] for row in facts["risk"] if row["word"] not in by}
        remote = "_remote" if told <= {"remote"} else ""
        very = remote or ("_very" if told <= {"remote", "very unlikely"} else "")
        few = "rest_one" if len(rest) == 1 else "rest_few" if len(rest) <= NAMED_PLACES else "rest"
        key = few + remote if items else "rest_all" + very
        items.append(words.say(key, count=len(rest), in_places=words.list_items(rest)))
    first, last = words.month(facts["first"]), words.month(facts["last"])
    shared = common_words(facts, words)
    ahead = words.say("ahead", first=first, last=last, serious=SERIOUS, **shared)
    # Where no single events were read, the paragraph before says it of all.
    aside = "" if facts.get("wider") else other_violence(facts, words, below=UNLIKELY)
    after = [*_far_from_now(facts, words), *([aside] if aside else [])]
    return {"sentences": [ahead], "items": items, "after": after}


def _far_from_now(facts: Facts, words: Words) -> list[str]:
    return [far_sentence(row, words) for row in facts["risk"] if row["far"]]


def far_sentence(row: Facts, words: Words) -> str:
    """Say that the middle of a forecast is far above what is recorded now, and why.

    Args:
        row: a territory with its risk, whose `far` is not empty.
        words: the sentences of the language.

    Returns:
        One sentence; its counts are deaths a month, and of the last three months together.
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
                    _own_record(own),
                    hits=words.number(own["hits"]),
                    raised=words.number(own["hits"] + own["false_alarms"]),
                    raised_at=words.percent(kept["raised_at"]),
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
        words.say(
            "lost", horizon=words.number(row["horizon"]), fault=words.word("fault", row["fault"])
        )
        for row in facts["calibration"]
        if row["lost"]
    ]
    return {"sentences": found}


def _own_record(own: Facts) -> str:
    """Which sentence tells the region's own record: no case was missed, all were, or some."""
    if not own["misses"]:
        return "own_all"
    return "own_none" if own["misses"] == own["events"] else "own"


def _changes(facts: Facts, words: Words) -> Facts:
    return {"sentences": _say_moves(facts, words) + _say_endings(facts, words)}


def _say_moves(facts: Facts, words: Words) -> list[str]:
    since, moved = facts["changes"]["since"], facts["changes"]["moved"]
    if since is None:
        return [words.say("first_brief")]
    if not moved:
        least = words.number(facts["changes"]["least"])
        return [words.say("unchanged", since=words.month(since), least=least)]
    told = [
        words.say(
            "up" if row["now"] > row["before"] else "down",
            place=words.in_place(row),
            before=words.number(row["before"]),
            now=words.number(row["now"]),
        )
        for row in moved
    ]
    sentences = [words.say("moved", since=words.month(since), changes=words.list_items(told))]
    if others := facts["changes"]["others"]:
        sentences.append(words.say("moved_others", n=words.number(others)))
    recorded = [
        words.say(
            "why_in",
            place=words.in_place(row),
            before=words.number(row["recorded_before"]),
            now=words.number(row["recorded_now"]),
        )
        for row in moved
        if row["recorded_before"] is not None and row["recorded_now"] is not None
    ]
    if recorded:
        sentences.append(words.say("why", recorded=words.list_items(recorded)))
    return sentences


def _say_endings(facts: Facts, words: Words) -> list[str]:
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


def _calls(facts: Facts, words: Words) -> Facts:
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
    return {"sentences": (found or [words.say("quiet")]) + _say_watched(facts, words)}


def _say_watched(facts: Facts, words: Words) -> list[str]:
    """What stands at watch: it is in the table of alerts, and does not count as raised."""
    found = []
    for rule in facts["alerts"]:
        below = [one for one in rule["standing"] if rule["proven"] and not one["raised"]]
        places = [
            words.say(
                "watch_in",
                place=words.territory(one),
                probability=words.percent(one["probability"]),
            )
            for one in below
        ]
        if places:
            name = words.word("rule", rule["rule"])
            found.append(words.say("watch_by", rule=name, places=words.list_items(places)))
    return [words.say("watch", rules=words.list_items(found))] if found else []
