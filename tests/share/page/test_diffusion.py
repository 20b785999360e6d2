"""The page on diffusion: the verdict in its first line, in both languages."""

from __future__ import annotations

import ast
import inspect
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import tocsin.share.facts
import tocsin.share.page
from tocsin.schema.settings import Settings
from tocsin.schema.vocabulary.channel import TIES
from tocsin.schema.vocabulary.technology import LABELS
from tocsin.share.facts.diffusion import diffusion
from tocsin.share.page.diffusion import (
    LANGUAGES,
    PageWords,
    _translate_map,
    _unsure,
    controls,
    page_values,
    sentence,
)
from tocsin.share.page.language import page_name
from tocsin.share.page.render import diffusion_page

CATALOGUE = tomllib.loads(
    (Path(tocsin.share.page.__file__).parent / "words" / "diffusion.toml").read_text("utf-8")
)


@pytest.fixture(scope="module")
def facts(diffusion_tables: dict[str, pl.DataFrame]) -> dict[str, Any]:
    told = diffusion(diffusion_tables, Settings())
    return {
        "region": "Here", "version": "0", "made": date(2026, 11, 26), "diffusion": told,
    }  # fmt: skip


def test_languages_say_the_same_things() -> None:
    def shape(part: dict[str, Any]) -> dict[str, Any]:
        return {
            key: shape(value) if isinstance(value, dict) else set(re.findall(r"{(\w+)", value))
            for key, value in part.items()
        }

    assert set(CATALOGUE) == set(LANGUAGES)
    assert all(shape(said) == shape(CATALOGUE["en"]) for said in CATALOGUE.values())
    # The figures of a note are those of decision 121, in each language.
    for note, figures in (("unseen_note", {"74", "100"}), ("assumed_note", {"30", "68", "62"})):
        notes = [re.findall(r"\d+", said[note]) for said in CATALOGUE.values()]
        assert figures <= set(notes[0])
        assert notes[1:] == notes[:1] * (len(notes) - 1)
    for said in CATALOGUE.values():
        assert set(TIES) < set(said["channel_name"])
        assert set(LABELS) == set(said["technology"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "The data do not show"),
        ("fr", "Les données ne montrent pas"),
        ("ar", "لا تُظهر البيانات"),
    ],
)
def test_the_first_line_says_that_it_is_not_shown(
    facts: dict[str, Any], language: str, words: str
) -> None:
    page = diffusion_page(facts, language)
    first = re.search(r"<main>\s*<section[^>]*>\s*<p><strong>(.*?)</strong>", page)
    assert first is not None
    assert first[1].startswith(words)
    assert f'<html lang="{language}"' in page
    for other in set(LANGUAGES) - {language}:
        assert f'href="{page_name("diffusion", other)}" lang="{other}"' in page
    assert "https:" not in re.sub(r"<script.*?</script>", "", page, flags=re.S)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ("does not beat first uses permuted", "11% within a year", "70% (40%)", "Air + Land"),
        ),
        ("fr", ("ne fait pas mieux que des premiers usages permutés", "Air + Terre")),
        ("ar", ("استخدامات أولى بُدّلت مواضعها", "الجوّ + البرّ", 'dir="rtl"')),
    ],
)
def test_growth_portfolios_and_common_use_are_told(
    facts: dict[str, Any], language: str, words: tuple[str, ...]
) -> None:
    page = diffusion_page(facts, language)
    assert all(one in page for one in words)
    assert "{" not in re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S)


@pytest.mark.parametrize(
    ("share", "said"), [(0.0, "0%"), (0.002, "<1%"), (0.01, "1%"), (0.995, ">99%"), (1.0, "100%")]
)
def test_a_small_chance_is_not_written_as_a_larger_one(share: float, said: str) -> None:
    assert PageWords("en").percent(share) == said


def test_each_control_stands_beside_the_share(facts: dict[str, Any]) -> None:
    rows = {row["name"]: row for row in controls(facts["diffusion"])}
    assert [name for name, row in rows.items() if row["missed"]] == ["permuted", "past"]
    assert rows["permuted"]["p"] == 1.0
    assert rows["past"]["share"] is None
    whole = facts["diffusion"]["verdict"] | {"reversed_share": None}
    assert {row["name"]: row for row in controls({"verdict": whole})}["reversed"]["missed"] is None


def test_the_sentence_follows_the_verdict(facts: dict[str, Any]) -> None:
    words, told = PageWords("en"), facts["diffusion"]
    shown = told | {"verdict": told["verdict"] | {"shown": True, "missed": ""}}
    assert sentence(shown, words).startswith("The data show it")
    none = told | {"verdict": None, "notes": ["No tie joins anybody."]}
    assert sentence(none, words) == "There is no answer here. No tie joins anybody."


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_came_stands_beside_what_is_expected(facts: dict[str, Any], language: str) -> None:
    words, told = PageWords(language), facts["diffusion"]
    one, two = words.decimal(1.3, 1), words.decimal(3.2, 1)
    said = words.say("expected_record", expected=one, came=two)
    assert said in diffusion_page(facts, language)
    shown = told | {"verdict": told["verdict"] | {"shown": True, "missed": ""}}
    assert page_values(facts | {"diffusion": shown}, language)["past_year"]["expected"] == 4.1
    none = told | {"foreseen": []}
    assert page_values(facts | {"diffusion": none}, language)["past_year"] is None


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_hazards_are_drawn_as_fans_and_portfolios_by_year(
    facts: dict[str, Any], language: str
) -> None:
    charts = page_values(facts, language)["charts"]
    fan, middle = charts["fans"]["spec"]["layer"]
    [drawn] = _values(charts["fans"]["spec"])
    assert (fan["mark"]["type"], fan["encoding"]["y"]["field"]) == ("rect", "year_low")
    assert (fan["encoding"]["y2"]["field"], middle["encoding"]["y"]["field"]) == (
        "year_high", "year_hazard",
    )  # fmt: skip
    assert 0 < drawn["year_low"] < drawn["year_hazard"] < drawn["year_high"] < 1
    held = charts["portfolios"]["spec"]
    assert [row["year"] for row in _values(held)] == ["2019", "2020"]
    assert held["encoding"]["color"]["scale"]["domain"] == [0, 1]
    page = PageWords(language)
    assert charts["fans"]["title"] == page.say("fans_title")
    assert charts["portfolios"]["title"] == page.say("portfolios_title")


def _values(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows that a chart draws."""
    [rows] = spec["datasets"].values() if "datasets" in spec else [spec["data"]["values"]]
    return list(rows)


def test_the_map_calls_territories_as_the_language_does(facts: dict[str, Any]) -> None:
    told = facts["diffusion"] | {
        "places": [{"territory": "Syria", "gwno": 652}],
        "joined": [{"from": "Syria", "to": "Elsewhere", "ties": 1}],
    }
    placed = _translate_map(told, PageWords("ar"))
    assert [one["territory"] for one in placed["places"]] == ["سوريا"]
    assert [(one["from"], one["to"]) for one in placed["joined"]] == [("سوريا", "Elsewhere")]
    assert told["places"][0]["territory"] == "Syria"


@pytest.mark.slow
def test_what_is_english_runs_from_left_to_right_in_each_page(facts: dict[str, Any]) -> None:
    page = diffusion_page(facts, "ar")
    body = page.partition("<main>")[2]
    assert re.findall(r'<(?:ul|td) lang="en"(?! dir="ltr")', body) == []
    assert 'lang="en" dir="ltr"' in body


def test_numbers_keep_their_order_in_a_page_from_right_to_left() -> None:
    """A minus before a number, and a sign before a share, would stand behind it."""
    words = PageWords("ar")
    assert words.decimal(-0.08) == "\u2066\N{MINUS SIGN}0.08\u2069"
    assert "<" not in words.percent(0.002)
    assert words.percent(0.002) == words.say("under", share=words.percent(0.01))


@pytest.mark.parametrize(("language", "words"), [("en", "do not agree"), ("fr", "concordent pas")])
def test_chains_that_do_not_agree_are_told(
    facts: dict[str, Any], language: str, words: str
) -> None:
    whole, said = facts["diffusion"]["verdict"], PageWords(language)
    assert _unsure(whole, said) == ""
    assert words in _unsure(whole | {"r_hat": 1.1}, said)


@pytest.mark.slow
def test_no_value_of_the_page_has_the_name_of_a_fact(facts: dict[str, Any]) -> None:
    """The template is filled with both."""
    source = ast.parse(inspect.getsource(tocsin.share.facts.facts))
    [returned] = [node for node in ast.walk(source) if isinstance(node, ast.Return)]
    assert isinstance(returned.value, ast.Dict)
    names = {key.value for key in returned.value.keys if isinstance(key, ast.Constant)}
    assert "diffusion" in names
    assert not names & set(page_values(facts, "en"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "words"), [("en", "rests on one report"), ("fr", "un seul rapport")]
)
def test_what_rests_on_one_report_is_named(
    facts: dict[str, Any], language: str, words: str
) -> None:
    entry = {
        "named": "Hill Group", "label": "Cyber", "technology": "cyber", "confidence": 0.7,
        "low": date(2017, 1, 1), "median": date(2017, 2, 1), "high": date(2017, 3, 1),
    }  # fmt: skip
    for lone, unnamed in ((True, True), (True, False), (False, False)):
        one = entry | {"lone": lone, "unnamed": unnamed}
        told = facts | {"diffusion": facts["diffusion"] | {"timeline": [one]}}
        values = page_values(told, language)
        assert ("Hill Group" in values["lone"]) == lone
        assert ("Hill Group" in values["unnamed"]) == unnamed
        page = PageWords(language)
        assert words in page.say("timeline_lone", entries="Hill Group")
        assert "Hill Group" in page.say("unnamed", entries="Hill Group")


def test_a_doubt_before_a_name_is_said_in_the_language() -> None:
    said = [PageWords(language).cautious("JNIM", 0.6379) for language in ("en", "fr", "ar")]
    assert said[0] == "possibly JNIM (0.63)"
    assert said[1] == "peut-être JNIM (0,63)"
    assert said[2].startswith("ربما \u2068JNIM\u2069 (")
    assert PageWords("fr").cautious("JNIM", 0.8) == "JNIM"
    for language in ("fr", "ar"):
        assert "possibly" not in PageWords(language).say("timeline_note", begun="x")


def test_parts_are_divided_by_the_signs_of_the_language() -> None:
    words = [PageWords(one) for one in ("en", "fr", "ar")]
    assert [one.apart for one in words] == ["; ", "\u00a0; ", "\u061b "]
    assert [one.colon for one in words] == [": ", "\u00a0: ", ": "]
    assert [one.comma for one in words] == [", ", ", ", "\u060c "]
    told = [one.written("Syria: A 45%; Iraq, B 2.5") for one in words]
    assert told[0] == "Syria: A 45%; Iraq, B 2.5"
    assert told[1] == "Syria\u00a0: A 45\u00a0%\u00a0; Iraq, B 2,5"
    assert told[2] == "Syria: A 45٪\u061b Iraq\u060c B 2.5"
