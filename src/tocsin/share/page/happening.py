"""What is happening: the first paragraph of the first page, and of which violence it tells."""

from __future__ import annotations

from tocsin.schema.geography.territory import resolve
from tocsin.schema.tables.anticipated.forecast import SERIOUS
from tocsin.schema.tables.assessed.incident import EVERYTHING
from tocsin.share.facts.reported import PARTS
from tocsin.share.facts.risk import with_other_violence
from tocsin.share.facts.words import Facts
from tocsin.share.page.language import Words

NAMED_PLACES = 3
"""Territories that a sentence names where it need not name all."""
ALIKE = 0.1
"""Two counts that differ by a smaller share are called about as many."""
FADED = 8
"""Three months with less than a year's eighth, half of their share, say too little of that year."""


def happening(facts: Facts, words: Words) -> Facts:
    """Say what was recorded in the last three months, and what was read of other violence.

    Args:
        facts: the facts of a brief with a forecast.
        words: the sentences of the language.

    Returns:
        `sentences`.
    """
    shared = common_words(facts, words)
    now = sum(row["last_3"] for row in facts["risk"])
    before = sum(row["year_before_3"] for row in facts["risk"])
    year = sum(row["last_12"] for row in facts["risk"])
    earlier = year >= SERIOUS and now * FADED < year
    rest = [words.say("before", deaths=words.number(year), **shared)] if earlier else []
    if wider := facts.get("wider"):
        rest.append(_wider(wider, words, shared["violence"]))
    first = [*say_unread(facts, words), *_behind(facts, words)]
    if not now:
        none = words.say("recorded_none", **shared)
        return {"sentences": [*first, none, *rest, *_events(facts, words, now)]}
    most = sorted(facts["risk"], key=lambda row: (-row["last_3"], row["gwno"]))[:NAMED_PLACES]
    places, in_places = (
        words.list_items(
            [f"{called(row)} ({words.number(row['last_3'])})" for row in most if row["last_3"]]
        )
        for called in (words.territory, words.in_place)
    )
    alike = abs(now - before) <= ALIKE * max(now, before)
    key = "same" if alike else "more" if now > before else "fewer"
    named = sum(row["last_3"] for row in most)
    key_now = (
        "recorded" if named < now else "recorded_in" if len(facts["risk"]) > 1 else "recorded_one"
    )
    sentences = [
        *first,
        words.say(key_now, deaths=words.number(now), places=places, in_places=in_places, **shared),
        words.say(key, before=words.number(before)),
        *rest,
    ]
    return {"sentences": [*sentences, *_events(facts, words, now), *say_doubles(facts, words)]}


def _events(facts: Facts, words: Words, now: int) -> list[str]:
    """What single events tell of the same months, and that some that were read are later."""
    said = []
    # Where all incidents are what is counted, their deaths were said a moment ago.
    if (every := facts["recent"]) and (facts["target"], every["deaths"]) != (EVERYTHING, now):
        told: dict[str, str] = {n: words.number(every[n]) for n in ("incidents", "deaths")}
        within = [words.in_place(row) for row in every["places"]]
        several = words.say("some_places", count=words.number(len(within)))
        told["in_places"] = words.list_items(within) if len(within) <= NAMED_PLACES else several
        # Where all of the region was read, the sentence needs no place.
        whole = len(within) == len(facts["risk"])
        said.append(words.say("of_all_kinds_whole" if whole else "of_all_kinds", **told))
    if later := facts.get("later"):
        told = {n: words.number(later[n]) for n in ("incidents", "deaths")}
        places = [
            f"{words.territory(row)} ({words.number(row['deaths'])})" for row in later["places"]
        ]
        told |= {"last": words.day(later["last"]), "places": words.list_items(places)}
        said.append(words.say("later" if later["deaths"] else "later_none", **told))
    return said


def _behind(facts: Facts, words: Words) -> list[str]:
    """For which territories 'the last months' are earlier ones, since their counts end sooner."""
    late = facts.get("behind") or []
    if not late:
        return []
    places = [f"{words.territory(row)} ({words.month(row['last'])})" for row in late]
    return [
        words.say("behind", origin=words.month(facts["origin"]), places=words.list_items(places))
    ]


def _wider(wider: Facts, words: Words, violence: str) -> str:
    """The deaths of all organised violence, of which the target is a part."""
    named = [f"{words.territory(one)} {words.number(one['deaths'])}" for one in wider["places"]]
    places = words.list_items(named)
    if rest := wider.get("elsewhere"):
        places = words.say("elsewhere", places=places, deaths=words.number(rest))
    return words.say(
        "wider", deaths=words.number(wider["deaths"]), places=places, violence=violence
    )


def other_violence(facts: Facts, words: Words, *, below: float = 1.1) -> str:
    """Say where much organised violence is recorded of which a forecast says nothing.

    Args:
        facts: the facts of a brief.
        words: the words of the page's language.
        below: only territories are named whose probability is lower than this.

    Returns:
        One or two sentences. Where there is no such territory, what a forecast of violence with
        a state leaves out is said all the same; of other series the text is empty then.
    """
    alone = facts["target"] == PARTS[0]
    named = [
        words.say(
            "beside_in",
            place=words.territory(row),
            deaths=words.number(row["all_3"]),
            part=words.number(row["last_3"]),
        )
        for row in with_other_violence(facts["risk"])
        if row["probability"] < below
    ]
    if not named:
        return words.say("alone", **common_words(facts, words)) if alone else ""
    return words.say("beside", places=words.list_items(named), **common_words(facts, words))


def common_words(facts: Facts, words: Words) -> dict[str, str]:
    """Fill in what many sentences of the page have in common.

    Args:
        facts: the facts of a brief.
        words: the sentences of the language.

    Returns:
        The region, its name as it stands in a sentence, the violence and the last known month.
    """
    return {
        "region": facts["region"],
        "in_region": words.named(facts["region"]),
        "violence": words.word("violence", facts["target"]),
        "origin": words.month(facts["origin"]),
    }


def say_doubles(facts: Facts, words: Words) -> list[str]:
    """Say how many incidents are probably counted twice, where that is one at least.

    Args:
        facts: the facts of a brief.
        words: the sentences of the language.

    Returns:
        One sentence, or none.
    """
    if not (twice := facts.get("doubled")):
        return []
    told = {name: words.number(twice[name]) for name in ("incidents", "deaths")}
    return [words.say("doubled" if twice["deaths"] else "doubled_no_deaths", **told)]


def say_unread(facts: Facts, words: Words) -> list[str]:
    """Say of which territories of the region nothing was read: a sum of the region is without them.

    Args:
        facts: the facts of a brief.
        words: the sentences of the language.

    Returns:
        One sentence, or none.
    """
    if not (unseen := facts.get("unseen")):
        return []
    rows = ({"gwno": resolve(name).gwno, "territory": name} for name in unseen)
    return [words.say("unread", places=words.list_items([words.territory(row) for row in rows]))]
