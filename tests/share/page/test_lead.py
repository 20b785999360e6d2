"""The plain first page: the same facts in each language, and nothing a blank left open."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import UsageError
from tocsin.share.facts.words import likelihood
from tocsin.share.page.happening import NAMED_PLACES
from tocsin.share.page.language import LANGUAGES, Words
from tocsin.share.page.lead import lead


def catalogue(language: str) -> dict[str, Any]:
    path = files("tocsin.share.page").joinpath(f"words/{language}.toml")
    return tomllib.loads(path.read_text("utf-8"))


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_everything_with_the_same_blanks(language: str) -> None:
    english, other = catalogue("en"), catalogue(language)
    assert english.keys() == other.keys()
    for key, text in english.items():
        if isinstance(text, str):
            assert blanks(text) == blanks(other[key]), key
        else:
            assert text.keys() == other[key].keys(), key


def bare(text: str) -> str:
    """A text without the signs that keep names and numbers of another direction apart."""
    return text.translate(dict.fromkeys(range(0x2066, 0x206A))).replace("\xa0", "\u202f")


def facts(probabilities: list[float], **more: Any) -> dict[str, Any]:
    names = [(652, "Syria"), (645, "Iraq"), (490, "DR Congo"), (660, "Lebanon"), (620, "Libya"),
             (663, "Jordan")]  # fmt: skip
    risk = [
        {"gwno": gwno, "territory": name, "probability": p, "word": likelihood(p), "last_3": 10,
         "last_1": 3, "last_12": 40, "year_before_3": 5, "median": 12.0, "far": ""}
        for (gwno, name), p in zip(names, probabilities, strict=False)
    ]  # fmt: skip
    return {
        "region": "Levant", "target": "ged_sb", "origin": date(2022, 12, 1),
        "first": date(2023, 1, 1), "last": date(2023, 3, 1), "risk": risk, "kept": None,
        "recent": None,
        "record": [], "calibration": [],
        "changes": {"since": None, "moved": [], "others": 0, "least": 25},
        "ended": [], "alerts": [],
    } | more  # fmt: skip


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.sampled_from(LANGUAGES))
def test_every_territory_is_named_or_counted(probabilities: list[float], language: str) -> None:
    words = Words(language)
    parts = lead(facts(probabilities), words)
    text = " ".join(
        " ".join([part["heading"], *part["sentences"], *part["items"]]) for part in parts
    )
    assert "{" not in text
    coming = " ".join(parts[1]["items"])
    likely = [p for p in probabilities if p >= 0.45]
    named = [row for row in facts(probabilities)["risk"] if words.territory(row) in coming]
    # Beside those that are likely a few others are named, too, and more are counted.
    few = bool(likely) and len(probabilities) - len(likely) <= NAMED_PLACES
    few |= len(probabilities) == 1
    assert len(named) == (len(probabilities) if few else len(likely))


@pytest.mark.parametrize("p", [0.01, 0.08, 0.3])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_region_of_one_territory_is_not_spoken_of_as_several(language: str, p: float) -> None:
    words = Words(language)
    told = facts([p])
    [coming] = lead(told, words)[1]["items"]
    assert words.territory(told["risk"][0]) in coming
    assert words.word("word", likelihood(p)) in coming


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "deaths in the series “{Morts}” are:"),
        ("fr", "liés aux faits que compte la série «\xa0{Morts}\xa0»"),
        ("ar", "ما تحصيه السلسلة «{Morts}»"),
    ],
)
def test_a_series_of_one_s_own_is_told_as_one(language: str, said: str) -> None:
    told = facts([0.3]) | {"target": "{Morts}"}
    sentences = lead(told, Words(language))[1]["sentences"]
    assert said in sentences[0].replace("\u202f", "\xa0").replace("« {", "«\xa0{").replace(
        "} »", "}\xa0»"
    )


def test_french_months_that_begin_with_a_vowel_need_no_elision() -> None:
    [said] = lead(facts([0.3], first=date(2026, 10, 1)), Words("fr"))[1]["sentences"]
    assert said.startswith("Entre octobre 2026 et ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_events_of_all_kinds_are_said_of_where_they_were_read(language: str) -> None:
    # A region's series may count more deaths of one kind than the events of one of its countries.
    one = {"gwno": 645, "territory": "Iraq"}
    words = Words(language)
    for places, says in (([one], words.territory(one)), ([one] * 4, "4")):
        told = {"incidents": 25, "deaths": 120, "places": places}
        sentence = lead(facts([0.9] * 2, recent=told), words)[0]["sentences"][-1]
        assert says in sentence
        assert "120" in sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_without_a_forecast_has_the_same_parts(language: str) -> None:
    row = {"gwno": 645, "territory": "Iraq", "incidents": 3, "deaths": 7,
           "first": date(2022, 1, 1), "last": date(2022, 2, 1)}  # fmt: skip
    words = Words(language)
    whole = lead(facts([0.9]), words)[0].keys()
    for more in ({"reported": [row]}, {"reported": [], "recorded": [row]}):
        parts = lead(facts([], **more), words)
        assert all(part.keys() == whole for part in parts)
        assert words.number(7) in parts[0]["sentences"][0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lent_record_is_not_told_as_the_forecasters_own(language: str) -> None:
    kept = {"least": 0.8, "came": 9, "n": 10, "share": 0.9, "own": None}
    words = Words(language)
    own, lent = (
        lead(facts([0.9], kept=kept | {"lent": one}), words)[2]["sentences"][0]
        for one in (False, True)
    )
    assert own != lent
    assert words.percent(0.9) in lent


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_median_far_above_what_is_recorded_is_said_in_words(language: str) -> None:
    told = facts([0.9, 0.9])
    told["risk"][0] |= {"median": 16070.0, "last_1": 4, "last_12": 163208, "far": "fallen"}
    told["risk"][1] |= {"median": 55.0, "far": "far_above"}
    words = Words(language)
    one, two, _ = lead(told, words)[1]["after"]
    assert words.territory(told["risk"][0]) in one
    assert words.number(16070) in one
    assert words.number(163208 / 12) in one
    assert words.number(55) in two
    assert len(lead(facts([0.9]), words)[1]["after"]) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_three_calm_months_do_not_hide_the_year_before_them(language: str) -> None:
    """In a border region two deaths were told of, and not the 308 of the year."""
    words, told = Words(language), facts([0.2])
    assert len(lead(told, words)[0]["sentences"]) == 2
    for recent in (2, 0):
        told["risk"][0] |= {"last_3": recent, "last_12": 308}
        assert words.number(308) in lead(told, words)[0]["sentences"][-1]


def test_a_region_that_was_read_whole_is_not_said_to_be_a_part() -> None:
    told = {"incidents": 1, "deaths": 2, "places": [{"gwno": 652, "territory": "Syria"}]}
    sentence = lead(facts([0.9], recent=told), Words("en"))[0]["sentences"][-1]
    assert "only" not in sentence
    assert "1 incident with 2 deaths" in sentence


def test_counts_that_end_sooner_are_told_before_what_is_recorded() -> None:
    late = [{"gwno": 432, "territory": "Mali", "last": date(2022, 6, 1)}]
    for language, month in (("en", "June 2022"), ("fr", "juin 2022"), ("ar", "يونيو 2022")):
        told = lead(facts([0.9], behind=late), Words(language))[0]["sentences"]
        assert month in told[0]
        assert len(told) > 1


def test_why_is_told_only_where_it_is_known() -> None:
    row = {"gwno": 652, "territory": "Syria", "before": 90.0, "now": 180.0}
    known = row | {"recorded_before": 7, "recorded_now": 14}
    unknown = row | {"gwno": 645, "territory": "Iraq", "recorded_before": None, "recorded_now": 1}
    since = date(2022, 11, 1)
    moved = {"since": since, "moved": [known, unknown], "others": 0, "least": 25}
    told = lead(facts([0.9], changes=moved), Words("en"))[3]["sentences"]
    assert told[1].endswith("recorded: 7 and then 14 in Syria.")
    moved["moved"] = [unknown]
    assert len(lead(facts([0.9], changes=moved), Words("en"))[3]["sentences"]) == 1
    moved["others"] = 2
    told = lead(facts([0.9], changes=moved), Words("fr"))[3]["sentences"]
    assert told[1] == "Autres territoires où il a varié de plus d’un quart\u00a0: 2."
    still = {"since": since, "moved": [], "others": 0, "least": 25}
    told = lead(facts([0.9], changes=still), Words("en"))[3]["sentences"]
    assert told[0].endswith("in no territory in which 25 or more are or were expected.")


def test_arabic_keeps_names_of_other_scripts_apart() -> None:
    words = Words("ar")
    assert (words.direction, Words("fr").direction) == ("rtl", "ltr")
    assert words.territory({"gwno": 652, "territory": "Syria"}) == "سوريا"
    assert "\u2068Levant\u2069" in words.say("title", region="Levant")


def test_states_and_numbers_follow_the_language() -> None:
    french = Words("fr")
    assert french.territory({"gwno": 652, "territory": "Syria"}) == "Syrie"
    assert french.number(12345) == "12\u202f345"
    assert Words("en").number(12345) == "12,345"
    assert french.list_items(["a", "b", "c"]) == "a, b et c"
    assert french.month(date(2023, 8, 1)) == "août 2023"


def test_a_lasting_state_is_not_told_as_news() -> None:
    told = [("Syria", 652, 2018, True, True), ("Iraq", 645, 2022, True, False)]
    told.append(("Lebanon", 660, 2022, False, False))
    standing = [
        {
            "territory": name,
            "gwno": gwno,
            "since": date(year, 11, 1),
            "raised": up,
            "lasting": old,
            "probability": 0.19,
        }
        for name, gwno, year, up, old in told
    ]
    rule = {"rule": "serious violence", "proven": True, "standing": standing}
    new, old, watch = lead(facts([0.9], alerts=[rule]), Words("en"))[-1]["sentences"]
    assert "Iraq" in new
    assert "Syria" not in new
    assert "Syria" in old
    assert "lasting" in old
    assert "Lebanon" not in new + old
    assert "Lebanon (19%)" in watch


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_at_watch_is_said_and_is_not_raised(language: str) -> None:
    one = {"territory": "Mozambique", "gwno": 541, "since": date(2022, 11, 1), "raised": False,
           "lasting": False, "probability": 0.19}  # fmt: skip
    rule = {"rule": "doubling", "proven": True, "standing": [one]}
    words = Words(language)
    quiet, watch = lead(facts([0.9], alerts=[rule]), words)[-1]["sentences"]
    assert quiet == words.say("quiet")
    assert words.percent(0.19) in watch
    assert words.territory(one) in watch


def test_what_is_prepared_is_told_when_its_rule_calls() -> None:
    one = {"territory": "Syria", "gwno": 652, "since": date(2022, 11, 1), "raised": True,
           "lasting": False}  # fmt: skip
    rule = {"rule": "a", "proven": True, "standing": [one], "action": "Open the shelters."}
    for language, start in (("en", "What was prepared"), ("fr", "Ce qui a été préparé")):
        told = lead(facts([0.9], alerts=[rule]), Words(language))[-1]["sentences"]
        assert told[-1].startswith(start)
        assert told[-1].endswith("Open the shelters.")
        quiet = lead(facts([0.9], alerts=[rule | {"standing": []}]), Words(language))[-1]
        assert "Open" not in " ".join(quiet["sentences"])


@pytest.mark.parametrize(
    ("probabilities", "says", "never"),
    [
        ([0.01], "were recorded in Levant.", "most of them"),
        ([0.01, 0.01], "Levant: Iraq (10) and Syria (10).", "most of them"),
        ([0.9, 0.15], "unlikely, or less than that, in Iraq", "other territor"),
        ([0.9, 0.01], "remote (under 5%) in Iraq", "less than that"),
        ([0.01, 0.02], "in every territory", "the other"),
    ],
)
def test_sentences_fit_a_small_region(probabilities: list[float], says: str, never: str) -> None:
    parts = lead(facts(probabilities), Words("en"))[:2]
    text = " ".join(" ".join([*part["sentences"], *part["items"]]) for part in parts)
    assert says in text
    assert never not in text


def test_the_record_is_said_of_what_it_is_of() -> None:
    row = {"chosen": True, "region": "all", "coverage": 0.55}
    told = lead(facts([0.9], record=[row]), Words("en"))[2]["sentences"]
    assert told[0] == "In past years its 90% intervals held 55% of what came."
    assert "further apart" in told[1]
    busy = {"chosen": True, "region": "recently in conflict", "coverage": 0.9}
    told = lead(facts([0.9], record=[row, busy]), Words("en"))[2]["sentences"]
    assert "recently in conflict" in told[0]
    assert "further apart" not in " ".join(told)


def test_an_unknown_language_is_refused_in_plain_words() -> None:
    with pytest.raises(UsageError, match="'de'"):
        Words("de")


def test_no_french_sign_begins_a_line() -> None:
    """A colon stood alone at the beginning of a line on a telephone."""
    told = facts([0.2])
    told["risk"][0] |= {"last_12": 308}
    said = lead(told, Words("fr"))[0]["sentences"][-1]
    assert "\u00a0:" in said
    assert " :" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_calm_region_reads_remote_and_a_lone_territory_is_not_named_twice(language: str) -> None:
    words = Words(language)
    [_, coming, *_] = lead(facts([0.001, 0.03]), words)
    assert coming["items"] == [words.say("rest_all_remote")]
    [_, coming, *_] = lead(facts([0.001, 0.15]), words)
    assert coming["items"] == [words.say("rest_all_very")]
    [_, coming, *_] = lead(facts([0.001, 0.3]), words)
    assert coming["items"] == [words.say("rest_all", count=2)]
    told = facts([0.9, 0.001, 0.03])
    places = [words.in_place(row) for row in told["risk"][1:]]
    [_, coming, *_] = lead(told, words)
    assert coming["items"][1] == words.say("rest_few_remote", in_places=words.list_items(places))
    [_, coming, *_] = lead(facts([0.9, 0.001]), words)
    assert coming["items"][1] == words.say("rest_one_remote", in_places=places[0])
    [_, coming, *_] = lead(facts([0.9, *[0.001] * 4]), words)
    assert coming["items"][1] == words.say("rest_remote", count=4)
    [_, coming, *_] = lead(facts([0.9, 0.001, 0.15]), words)
    assert coming["items"][1] == words.say("rest_few", in_places=words.list_items(places))
    row = {"gwno": 541, "territory": "Mozambique", "deaths": 108, "incidents": 57,
           "first": date(2023, 1, 9), "last": date(2024, 10, 25)}  # fmt: skip
    [said] = lead(facts([]) | {"reported": [row]}, words)[0]["sentences"]
    assert said.count("108") == 1


@pytest.mark.parametrize(("language", "said"), [("en", "26%"), ("fr", "26\xa0%"), ("ar", "26٪")])
def test_a_share_has_the_sign_that_stands_in_the_sentences_around_it(
    language: str, said: str
) -> None:
    assert Words(language).percent(0.26) == said


@pytest.mark.parametrize("why", ["fell", "cancelled", "unknown", "expired"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_warning_that_ended_is_told_with_the_reason(language: str, why: str) -> None:
    row = {"rule": "onset", "territory": "Iraq", "gwno": 645, "was": "warning", "before": 0.63,
           "now": 0.07 if why == "fell" else None, "until": date(2023, 4, 1),
           "why": why}  # fmt: skip
    words = Words(language)
    changed = lead(facts([0.9], ended=[row]), words)[3]["sentences"]
    assert changed[0] == words.say("first_brief")
    # A name in another script is kept apart on an Arabic page, by a sign before and behind it.
    told = changed[1].replace("\u2068", "").replace("\u2069", "")
    for part in (words.word("rule", "onset"), words.territory(row)):
        assert part in told
    assert (words.percent(0.07) in told) is (why == "fell")
    assert (words.month(date(2023, 3, 1)) in told) is (why == "expired")
    assert (words.percent(0.63) in told) is (why != "expired")


@given(st.integers(1, 9), st.sampled_from(LANGUAGES))
def test_of_many_that_ended_three_are_named_and_the_rest_counted(n: int, language: str) -> None:
    row = {"rule": "onset", "gwno": 645, "was": "warning", "before": 0.6, "now": 0.1,
           "until": date(2023, 4, 1), "why": "fell"}  # fmt: skip
    words = Words(language)
    rows = [row | {"territory": "Iraq"} for _ in range(n)]
    told = lead(facts([0.9], ended=rows), words)[3]["sentences"][1]
    named = n if n <= NAMED_PLACES + 1 else NAMED_PLACES
    assert told.count(words.percent(0.6)) == named
    if n > named:
        assert words.say("ended_others", n=words.number(n - named)).strip("\u2068\u2069") in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_record_that_missed_every_case_says_none(language: str) -> None:
    words = Words(language)
    own = {"hits": 0, "false_alarms": 4, "misses": 17, "events": 17}
    kept = {"least": 0.8, "came": 7, "n": 9, "share": 7 / 9, "own": own, "raised_at": 0.5}
    numbers = {name: words.number(n) for name, n in (("hits", 0), ("raised", 4), ("events", 17))}
    said = words.say("own_none", raised_at=words.percent(0.5), **numbers)
    sure = lead(facts([0.9], kept=kept), words)[2]["sentences"]
    assert said in sure
    some = lead(facts([0.9], kept=kept | {"own": own | {"misses": 16}}), words)[2]["sentences"]
    assert said not in some


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "In all organised violence, with that between groups and against civilians: 870 "),
     ("fr", "Toutes violences organisées confondues"), ("ar", "العنف المنظّم كله")],
)  # fmt: skip
def test_what_is_forecast_is_not_all_violence(language: str, said: str) -> None:
    words_for_the_rest = {"en": "and 3 elsewhere", "fr": "et 3 ailleurs", "ar": "و3 في غيرها"}
    place = {"gwno": 70, "territory": "Mexico", "deaths": 867}
    told = {"deaths": 870, "places": [place], "elsewhere": 3}
    for chance in (0.9, 0.0):
        sentences = lead(facts([chance], wider=told), Words(language))[0]["sentences"]
        [one] = [sentence for sentence in sentences if said in sentence]
        assert "867" in one
        assert words_for_the_rest[language] in bare(one)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "867 deaths (2 of them of this kind)"),
        ("fr", "867\u202fmorts (dont 2 de cette nature)"),
        ("ar", "867 (منها 2 من هذا النوع)"),
    ],
)
def test_a_calm_forecast_tells_of_violence_of_other_kinds(language: str, said: str) -> None:
    words = Words(language)

    def after(chance: float, every: int | None, **more: object) -> str:
        told = facts([chance], **more)
        told["risk"][0] |= {"last_3": 2, "all_3": every}
        found = " ".join(lead(told, words)[1]["after"])
        return bare(found)

    assert said in after(0.02, 867)
    assert said not in after(0.9, 867)
    # What the forecast leaves out is said, too, where nobody counts it.
    alone = words.say("alone", violence=words.word("violence", "ged_sb"))
    assert after(0.02, 20) == after(0.02, None) == bare(alone)
    assert after(0.02, None, target="deaths_all") == ""
    # Where no single events were read, the paragraph before says it of the whole region.
    assert after(0.02, 867, wider={"deaths": 867, "places": [], "elsewhere": 0}) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_deaths_of_all_incidents_are_said_once(language: str) -> None:
    told = {"incidents": 33, "deaths": 10, "places": [{"gwno": 652, "territory": "Syria"}]}
    once = lead(facts([0.3], target="deaths_all", recent=told), Words(language))[0]["sentences"]
    assert "33" not in " ".join(once)
    part = lead(facts([0.3], recent=told), Words(language))[0]["sentences"]
    assert "33" in " ".join(part)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_probably_counted_twice_is_said(language: str) -> None:
    row = {"gwno": 652, "territory": "Syria", "incidents": 40, "deaths": 9}
    days = {"first": date(2023, 1, 1), "last": date(2023, 3, 1)}
    for deaths in (0, 7):
        twice = {"pairs": 30, "incidents": 17, "deaths": deaths}
        told = facts([], reported=[row | days], recorded=[], doubled=twice)
        said = " ".join(
            sentence for part in lead(told, Words(language)) for sentence in part["sentences"]
        )
        assert "17" in said
        without = lead(told | {"doubled": None}, Words(language))
        assert len(without[0]["sentences"]) == 1
