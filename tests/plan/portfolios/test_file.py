"""The file of portfolios: what it says is read, and what it cannot mean is refused by its line."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import TocsinError, UsageError
from tocsin.plan.portfolios import DEFAULT, declare_efforts, read_portfolios
from tocsin.plan.portfolios.declared import Measure
from tocsin.plan.portfolios.file import PLAYED
from tocsin.plan.region.outcomes import MONTHS

START = """version = 1
[limits]
budget = 6.0
[levers.clearance]
acts_as = { health = 0.4 }
cost = 2
[portfolios.mine]
rules = ["if deaths over 500 then dialogue to 0.8"]
[portfolios.mine.levers]
health = 0.4
dialogue = { effort = 0.5, start = 6, ramp = 3, half_life = 24 }
clearance = 0.5
[protocols.early]
trigger = "onset"
action = "Move stocks"
who = "Cell"
funding = "Fund"
portfolio = "mine"
"""


def read(tmp_path: Path, text: str) -> object:
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    return read_portfolios(path)


@pytest.mark.parametrize(
    ("more", "told"),
    [("[portfolios.Mine]\n[portfolios.Mine.levers]\nhealth = 0.2\n", "'mine' and 'Mine' differ"),
     ("[levers.'Clear ance']\nacts_as = { health = 0.4 }\n", "'clearance' and 'Clear ance' d")],
)  # fmt: skip
def test_names_that_differ_only_in_capitals_or_blanks_are_refused(
    tmp_path: Path, more: str, told: str
) -> None:
    line = START.count("\n") + 1
    with pytest.raises(UsageError, match=told) as caught:
        read(tmp_path, START + more)
    assert f"line {line}," in str(caught.value)


def test_a_file_is_read_as_it_is_meant(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(START, "utf-8")
    found = read_portfolios(tmp_path / "mine.toml")
    assert list(found.portfolios) == ["status quo", "mine"]
    mine = found.portfolios["mine"]
    assert mine.measures["dialogue"] == Measure(0.5, start=6.0, ramp=3.0, half_life=24.0)
    assert mine.rules[0].where == "mine.toml, line 8, portfolios.mine.rules"
    assert found.levers["clearance"].cost == 2.0
    assert found.limits.budget == 6.0
    # What the file does not say holds as it ships.
    assert found.limits.proportionality == 1.5
    assert found.levers["dialogue"].delay == 9.0
    assert found.protocols["early"].portfolio == "mine"


def test_the_shipped_file_says_all_that_it_needs_and_its_example_can_be_used(
    tmp_path: Path,
) -> None:
    shipped = DEFAULT.read_text("utf-8")
    head, example = shipped.split("to take the marks of comment away from:\n")
    live = "\n".join(line.removeprefix("# ").removeprefix("#") for line in example.splitlines())
    found = read(tmp_path, f"{head}\n{live}")
    portfolio = found.portfolios["step-by-step"]  # type: ignore[attr-defined]
    assert len(portfolio.rules) == 2
    assert portfolio.measures["inclusion-and-services"].half_life == 36.0


def test_a_status_quo_that_is_spelt_otherwise_is_no_portfolio_beside_the_shipped(
    tmp_path: Path,
) -> None:
    for name in ("statusquo", "Status Quo", "status-qou"):
        named = START.replace("portfolios.mine", f'portfolios."{name}"')
        with pytest.raises(UsageError, match="nearly called 'status quo'") as caught:
            read(tmp_path, named)
        assert caught.value.where.startswith("mine.toml, line ")
        with pytest.raises(UsageError, match="nearly called 'status quo'"):
            declare_efforts({name: {"health": 0.1}})
        both = named.replace("early", "late").replace('"mine"', f'"{name}"')
        read(tmp_path, f'{both}\n[portfolios."status quo".levers]\nhealth = 0.2\n')


def test_a_file_that_says_nothing_is_told_what_to_begin_with(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="says nothing") as caught:
        read(tmp_path, "# nothing yet\n")
    assert "--example" in caught.value.remedy


def test_two_rules_that_one_sign_sets_against_each_other_are_refused(tmp_path: Path) -> None:
    old, more = '"if deaths over 500 then dialogue to 0.8"', "for 1 months then dialogue to 0.1"
    assert old in START
    with pytest.raises(UsageError, match="Rules 1 and 2 fire at the same sign") as caught:
        read(tmp_path, START.replace(old, f'{old}, "if deaths above 500 {more}"'))
    assert "'dialogue' to 0.8 and to 0.1" in caught.value.what
    # Another sign may set another effort, and so may the same sign another lever.
    for other in ("if deaths over 900 then dialogue to 0.1",
                  "if deaths over 500 then health to 0.9",
                  "if deaths over 500 then dialogue to 0.8 and health to 0.9"):  # fmt: skip
        read(tmp_path, START.replace(old, f'{old}, "{other}"'))


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("version = 1", "version = 2", 1, "version"),
        ("budget = 6.0", "budget = 0", 3, "leaves nothing to decide"),
        ("budget = 6.0", "simulated = { deaths = -0.5 }", 3, "from 0 to 10"),
        ("budget = 6.0", "simulated = { deaths = 100 }", 3, "from 0 to 10"),
        ("[portfolios.mine]\n", "[portfolios.mine]\nlabel = 5\n", 8, "Words are meant"),
        ("[portfolios.mine]\n", "[portfolios.mine]\nlabel = ' '\n", 8, "Words are meant"),
        ('["if deaths over 500 then dialogue to 0.8"]', "'if'", 8, "list of at most 5"),
        ('["if deaths over 500 then dialogue to 0.8"]', str(list("abcdef")), 8, "at most 5"),
        ("budget = 6.0", "budget = nan", 3, "no number"),
        ("budget = 6.0", "budget = 1.9", 7, "crosses the limit 'budget' by 0"),
        ("budget = 6.0", "budgett = 6.0", 3, "Did you mean 'budget'"),
        ("budget = 6.0", "most = { health = 0.1 }", 3, "at least 0.2 and at most 0.1"),
        ("budget = 6.0", "budget = 0.1", 3, "costs 0.2, more than the 0.1 that is allowed"),
        (
            "budget = 6.0",
            "civil_harm = 0.1\nleast = { targeted-enforcement = 0.5 }",
            3,
            "at least has a civil harm of 0.25, more than the 0.1",
        ),
        (
            "budget = 6.0",
            "proportionality = 0.1\nleast = { targeted-enforcement = 0.9 }",
            3,
            "coercive effort there must be 0.9 at least, and all protective effort that is allowed",
        ),
        ("start = 6, ", "start = 6, stop = 8, ", 11, "stops in month 8, before it is whole in"),
        ("effort = 0.5, start = 6", "effort = 0.5, start = 2027-01-01", 11, "2027-01-01 is no"),
        ("budget = 6.0", "keep = ['helth']", 3, "Did you mean 'health'"),
        ("budget = 6.0", "simulated = { deth = 1.0 }", 3, "'deth'"),
        (
            "budget = 6.0",
            "needs = [{ lever = 'health', with = { dialogue = 1.5 } }]",
            3,
            "from 0 to 1",
        ),
        (
            "budget = 6.0",
            "least = { health = 0.5 }\nmost = { dialogue = 0.1 }\n"
            "needs = [{ lever = 'health', over = 0.3, with = { dialogue = 0.5 } }]",
            5,
            "'health' needs 'dialogue' of 0.5, which may be 0.1 at most",
        ),
        ("effort = 0.5, start", "effort = 1.5, start", 11, "from 0 to 1"),
        ("acts_as = { health = 0.4 }", "label = 'x'", 4, "knows no lever 'clearance'"),
        ("acts_as = { health = 0.4 }", "acts_as = { health = 4 }", 5, "from -1 to 1"),
        ("cost = 2", "cost = 0", 6, "costs nothing"),
        ("cost = 2", "cost = -1", 6, "does not lie"),
        ("cost = 2", "delay = inf", 6, "no number"),
        ("health = 0.4\nd", "helth = 0.4\nd", 10, "Did you mean 'health'"),
        ("health = 0.4\nd", "health = 1.4\nd", 10, "from 0 to 1"),
        ("health = 0.4\nd", "health = 0.1\nd", 7, "'keep health'"),
        ("health = 0.4\nd", "health = true\nd", 10, "no number"),
        (
            "health = 0.4\nd",
            "targeted-enforcement = 0.6\nhealth = 0.4\nd",
            7,
            "'needs incident-response",
        ),
        ("start = 6, ", "start = 6, stop = 5, ", 11, "stops before"),
        ("half_life = 24", "half_life = 0", 11, "half life"),
        ("start = 6", "begin = 6", 11, "'begin' is not known"),
        ("start = 6", "start = 120", 11, "starts in month 120, and 120 are played"),
        ("over 500 then", "over 500 for 120 months then", 8, "waits for 120 months"),
        (
            '["if deaths over 500 then dialogue to 0.8"]',
            '[\n"if deaths over 500 then dialogue to 0.8",\n"if deths over 1 then health to 1"]',
            10,
            "Rule 2: 'deths'",
        ),
        ("budget = 6.0", "simulated = { deaths = 0 }", 3, "ceiling of 0 would keep nothing"),
        (
            "budget = 6.0",
            "needs = [{ lever = 'health', with = { health = 0.5 } }]",
            3,
            "'health' is asked to stand beside itself",
        ),
        ("acts_as = { health = 0.4 }", "acts_as = { health = 0 }", 4, "nothing would come of it"),
        ("cost = 2", "side_effects = { clearance = 1 }", 6, "There is no 'clearance'"),
        (
            "[portfolios.mine]\n",
            '[portfolios."".levers]\nhealth = 1\n[portfolios.mine]\n',
            7,
            "no name",
        ),
        ("deaths over", "deaths ower", 8, "Rule 1"),
        ("dialogue to 0.8", "health to 0.1", 7, "'keep health' by 0.1, once its rules have fired"),
        ('who = "Cell"\n', "", 13, "says its who"),
        ('funding = "Fund"\n', "", 13, "says its funding"),
        ('portfolio = "mine"', 'portfolio = "min"', 18, "Did you mean 'mine'"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name_and_line(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    assert START.count(old) == 1
    with pytest.raises(UsageError) as caught:
        read(tmp_path, START.replace(old, new))
    assert words in f"{caught.value.what} {caught.value.remedy}"
    assert f"line {line}," in caught.value.where


def test_a_side_effect_is_one_on_other_levers(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="on other levers"):
        read(tmp_path, f"{START}\n[levers.health]\nside_effects = {{ health = -0.5 }}\n")


def test_as_many_months_are_played_as_the_model_has() -> None:
    assert PLAYED == MONTHS


def test_the_status_quo_cannot_change(tmp_path: Path) -> None:
    more = '[portfolios."status quo".levers]\nhealth = { effort = 0.5, start = 2 }\n'
    with pytest.raises(UsageError, match="in force now"):
        read(tmp_path, START + more)


@given(st.text(max_size=60), st.integers(0, len(START)))
def test_any_change_is_read_or_refused_in_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, more: str, at: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes((START[:at] + more + START[at:]).encode("utf-8", "replace"))
    with suppress(TocsinError):
        read_portfolios(path)
