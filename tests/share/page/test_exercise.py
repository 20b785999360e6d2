"""The pages of an exercise, looked at in a browser without a network."""

from __future__ import annotations

import itertools
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.plan.exercise import Future, write_script
from tocsin.plan.exercise.files import KINDS
from tocsin.plan.exercise.review import PLAN as COLUMNS
from tocsin.plan.exercise.review import review
from tocsin.schema.days.periods import month_after
from tocsin.share.page.exercise import (
    APART,
    LEFT,
    WIDTH,
    ExerciseWords,
    _spread,
    control_page,
    debrief_page,
)
from tocsin.share.page.language import LANGUAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

EVENTS = pl.DataFrame({
    "Event Number": ["1", "1a", "2"], "Designated Scenario Time": ["2023-01-05 10:00"] * 3,
    "Event Type": ["Contextual", "Contingency", "Inject"], "Inject Mode": ["Telephone"] * 3,
    "From": ["Field office"] * 3, "To": ["Early-warning cell"] * 3,
    "Message": ["Two callers <script>alert(1)</script> speak", "Thanks", "Hospitals count"],
    "Expected Participant Response": ["Ask"] * 3, "Exercise Objective": ["Warn"] * 3,
    "Notes": ["Truth: rise", "If warned", "Truth: rise"],
})  # fmt: skip
TIMETABLE = pl.DataFrame({"Event Number": ["1", "1a", "2"], "minute": [0, 0, 60]})
TURNS = pl.DataFrame({
    "time": [datetime(2023, 1, 5), datetime(2023, 2, 5)], "territory": ["Syria", "Iraq"],
    "kind": ["rise", "rumour"], "happens": [True, False], "warned_days_before": [12.4, None],
    "checked": [True, False], "believed": [False, True],
})  # fmt: skip
DECISIONS = pl.DataFrame({
    "cell": ["Early-warning cell"], "time": [datetime(2022, 12, 24)], "kind": ["warn"],
    "territory": ["Syria"], "words": ["<b>likely</b>"],
})  # fmt: skip
PLAN = pl.DataFrame({"Capability": ["Verification"], "Issue": ["A false report was acted on."]})


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 390, "height": 800})
    opened.on("pageerror", lambda error: pytest.fail(str(error)))
    yield opened
    opened.close()


@pytest.mark.browser
@pytest.mark.slow
def test_controllers_run_it_by_clock_and_by_hand(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "run.html"
    path.write_text(control_page(EVENTS, TIMETABLE, minutes=90))
    page.goto(path.as_uri())
    assert page.locator(".event").count() == 3
    assert page.locator(".due").count() == 0
    page.click("#run")
    page.wait_for_selector("#e1.due")
    assert page.locator(".due").count() == 1
    page.check("#e1 .given")
    assert "To hand out" not in page.inner_text("#next")
    # What was handed out is still there when the page is opened again.
    page.reload()
    assert page.is_checked("#e1 .given")
    page.check("#hand")
    assert page.is_disabled("#run")
    with page.expect_download() as saved:
        page.click("#save")
    text = Path(saved.value.path()).read_text()
    assert [line.split(",")[0] for line in text.splitlines()] == ["Event Number", "1"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.browser
@pytest.mark.slow
def test_the_debrief_shows_truth_and_decisions_on_a_phone(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "debrief.html"
    path.write_text(debrief_page(TURNS, DECISIONS, PLAN, ["1 of 1 rises was warned of."]))
    page.goto(path.as_uri())
    text = page.inner_text("body")
    for said in ("EXERCISE", "warned 12 days before", "false report, not checked, acted on",
                 "<b>likely</b>", "A false report was acted on."):  # fmt: skip
        assert said in text
    assert page.locator("svg circle").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@given(st.lists(st.floats(LEFT + 12, WIDTH - 12), max_size=30).map(sorted))
def test_marks_of_decisions_never_lie_on_each_other(places: list[float]) -> None:
    found = _spread(places, WIDTH - 12.0)
    assert len(found) == len(places)
    gaps = [two - one for one, two in itertools.pairwise(found)]
    assert all(gap >= APART - 1e-6 for gap in gaps)
    assert all(one <= WIDTH - 12 + 1e-6 for one in found)
    # What stands apart stays where it is.
    if all(two - one >= APART for one, two in itertools.pairwise(places)):
        assert found == places


def test_texts_of_users_are_no_markup() -> None:
    made = control_page(EVENTS, TIMETABLE, minutes=90)
    assert "<script>alert(1)" not in made
    assert made.count("<script>") == 1


def test_an_exercise_without_turns_or_decisions_still_has_a_page() -> None:
    made = debrief_page(TURNS.clear(), DECISIONS.clear(), PLAN.clear(), [])
    assert "No decision was written down." in made
    assert "Nothing was found." in made
    assert json.dumps("svg class") not in made


def test_a_rise_under_a_warning_on_a_false_report_is_told_as_not_warned_of() -> None:
    rise = TURNS.head(1).with_columns(
        warned_days_before=pl.lit(None, pl.Float64), warned_by_mistake=pl.lit(value=True)
    )
    page = debrief_page(rise, DECISIONS, PLAN, ["One."])
    assert "true, no warning before it but one on a false report" in page


@pytest.mark.browser
@pytest.mark.slow
def test_each_sheet_of_paper_says_exercise(page: Page, tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    path = tmp_path / "run.html"
    many = pl.concat([EVENTS.with_columns(pl.col("Event Number") + f"{n}") for n in range(9)])
    written = {
        "run": control_page(many, TIMETABLE, minutes=90),
        "debrief": debrief_page(TURNS, pl.concat([DECISIONS] * 90), PLAN, ["One."]),
    }
    for name, text in written.items():
        path = tmp_path / f"{name}.html"
        path.write_text(text)
        page.goto(path.as_uri())
        page.pdf(path=tmp_path / f"{name}.pdf", format="A4")
        sheets = [one.extract_text() for one in pypdf.PdfReader(tmp_path / f"{name}.pdf").pages]
        assert len(sheets) > 1
        assert all("EXERCISE" in one for one in sheets)
        # What is folded on the screen stands on the controllers' paper.
        assert ("Truth: rise" in "".join(sheets)) == (name == "run")


SAID = tomllib.loads(files("tocsin.share.page").joinpath("words/exercise.toml").read_text("utf-8"))
FIXED = (
    "Event Type", "Inject Mode", "From", "To", "Expected Participant Response",
    "Exercise Objective",
)  # fmt: skip


def test_languages_say_the_same_things() -> None:
    def shape(part: dict[str, Any]) -> dict[str, Any]:
        return {
            key: set(value) if isinstance(value, dict) else set(re.findall(r"{(\w+)", value))
            for key, value in part.items()
        }

    assert set(SAID) == set(LANGUAGES)
    assert shape(SAID["ar"]) == shape(SAID["fr"])
    # Words of lists stand for themselves in English.
    sentences = {key for key, value in SAID["en"].items() if isinstance(value, str)}
    assert {key: shape(SAID["fr"])[key] for key in sentences} == {
        key: shape(SAID["en"])[key] for key in sentences
    }
    assert set(SAID["fr"]) == set(SAID["en"])


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_all_fixed_texts_of_a_script_and_of_its_review_have_words(language: str) -> None:
    said = SAID[language]
    for seed in range(6):
        rng = np.random.default_rng(seed)
        # The last territory is an island.
        future = Future(
            seed, ("Chad", "Niger", "Cyprus"),
            tuple(month_after(date(2027, 1, 1), later) for later in range(9)),
            rng.gamma(0.7, 60, (9, 3)).astype(np.float32),
            rng.gamma(0.5, 4000, (9, 3)).astype(np.float32),
            rng.gamma(1, 6, (9, 3)).astype(np.float32), frozenset({"Cyprus"}),
        )  # fmt: skip
        script = write_script(future, injects=40)
        for column in FIXED:
            assert set(script.events[column]) <= set(said["script"]), column
        rows = [
            {"time": f"{one.at:%Y-%m-%d %H:%M}", "territory": one.territory, "kind": one.kind,
             "size": one.size, "happens": one.happens}
            for one in script.turns
        ]  # fmt: skip
        found = review(pl.DataFrame(rows), DECISIONS)
        assert set(found.turns["kind"]) <= set(said["kind"])
        for column in ("Capability", "Corrective action"):
            assert set(found.plan[column]) <= set(said["plan"])
    assert set(KINDS) == set(said["decision_kind"])
    assert set(COLUMNS) <= set(said["plan"])


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_each_language_gives_the_figures_of_the_english_findings(language: str) -> None:
    rises = pl.DataFrame({
        "time": ["2023-01-05 10:00", "2023-03-05 10:00", "2023-02-05 10:00"],
        "territory": ["Syria", "Iraq", "Iraq"], "kind": ["rise", "rise", "rumour"],
        "size": [90.0, 80.0, 70.0], "happens": [True, True, False],
    })  # fmt: skip
    decided = pl.DataFrame({
        "cell": ["Partner states cell"] * 3, "kind": ["warn", "act", "inform"],
        "time": [datetime(2022, 12, 24), datetime(2023, 2, 6), datetime(2023, 2, 6)],
        "territory": ["Syria", "Iraq", "Yemen"], "words": ["", "", ""],
    })  # fmt: skip
    found = review(rises, decided)
    made = debrief_page(
        found.turns, found.decisions, found.plan, found.words, language=language
    ).split("<ul>")[1].split("</ul>")[0]  # fmt: skip
    figures = re.findall(r"\d+", " ".join(found.words))
    assert figures == ["2", "1", "12", "1", "1", "0"]
    assert re.findall(r"\d+", made) == figures
    assert "Yemen" in made


def test_arabic_pages_run_from_right_to_left_and_say_that_messages_are_english() -> None:
    made = control_page(EVENTS, TIMETABLE, minutes=90, language="ar")
    assert '<html lang="ar" dir="rtl">' in made
    assert 'href="run.fr.html"' in made
    assert '<p lang="en" dir="ltr">Hospitals count</p>' in made
    assert ExerciseWords("ar").say("script_language") in made
    assert "90 دقيقة" in made.replace("\u2068", "").replace("\u2069", "")
    assert "Start the clock" not in made
