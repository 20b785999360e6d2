"""`tocsin adoption`: a decision is kept, listed and taken back; a wrong one says what to do."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.cli.look.adoption import _show
from tocsin.errors import TocsinError, UsageError
from tocsin.observe import example_files
from tocsin.schema import TABLES, empty
from tocsin.workspace.declared import prospective_run
from tocsin.workspace.steps import find_step
from tocsin.workspace.store import Workspace

RUN = CliRunner()
SIGNED = ("--by", "desk", "--reason", "for the test", "--json")


@pytest.mark.slow
def test_a_decision_goes_round(tmp_path: Path) -> None:
    place = ("-w", str(tmp_path / "w"))
    [listed] = [path for path in example_files() if "actor" in path.name]
    RUN.invoke(app, ["init", str(tmp_path / "w")])
    RUN.invoke(app, ["observe", str(listed), *place])
    said = ("--assert", "has", "--technology", "cyber", "--on", "2020-01-01")
    made = json.loads(RUN.invoke(app, ["adoption", "HTS", *said, *SIGNED, *place]).stdout)
    listing = json.loads(RUN.invoke(app, ["adoption", "--json", *place]).stdout)
    assert [row["statement_id"] for row in listing["decisions"]] == [made["statement_id"]]
    shown = RUN.invoke(app, ["adoption", "HTS", *place])
    assert "Nothing is held" in shown.stdout
    assert "nothing was assessed here" in shown.stderr
    RUN.invoke(app, ["adoption", "--withdraw", made["statement_id"], *SIGNED, *place])
    assert json.loads(RUN.invoke(app, ["adoption", "--json", *place]).stdout)["decisions"] == []
    wrong = ["adoption", "HTS", "--assert", "used", "--technology", "cyber", *SIGNED, *place]
    for more in ([], ["--incident", "i-none"]):
        failed = RUN.invoke(app, [*wrong, *more])
        assert isinstance(failed.exception, UsageError)
        assert failed.exception.remedy


@pytest.mark.slow
def test_a_decision_needs_a_name(tmp_path: Path) -> None:
    RUN.invoke(app, ["init", str(tmp_path / "w")])
    failed = RUN.invoke(app, ["adoption", "--assert", "has", "-w", str(tmp_path / "w")])
    with pytest.raises(UsageError, match="needs NAME"):
        raise failed.exception or AssertionError


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["adoption", "actors"])
def test_an_organisation_that_nothing_here_knows(tmp_path: Path, verb: str) -> None:
    """It ended with 0: a script took a misspelt name for one of which nothing is said."""
    place = ("-w", str(tmp_path / "w"))
    RUN.invoke(app, ["init", str(tmp_path / "w"), "--region", "Mali"])
    log = tmp_path / "log.csv"
    log.write_text("date,country,group,killed\n2024-03-05,Mali,Hill Front,3\n")
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        'source = "log"\n[columns]\ndate = "date"\ncountry = "country"\nactor_b = "group"\n'
        'deaths_best = "killed"\n[constants]\nevent_type = "state-based"\n'
    )
    RUN.invoke(app, ["observe", str(log), "--mapping", str(mapping), *place])
    failed = RUN.invoke(app, [verb, "Hill Frond", *place])
    assert isinstance(failed.exception, TocsinError)
    assert failed.exception.exit_code == 1
    assert "The nearest is 'Hill Front'." in failed.exception.remedy
    assert RUN.invoke(app, [verb, "hill front", *place]).exit_code == 0
    far = RUN.invoke(app, [verb, "Xyz", *place])
    assert "Nothing here knows an organisation 'Xyz'." in str(far.exception)


@pytest.mark.slow
@pytest.mark.parametrize("verb", [["adoption"], ["actors", "--matches"]])
def test_a_list_before_anything_was_assessed_says_so(tmp_path: Path, verb: list[str]) -> None:
    place = tmp_path / "w"
    RUN.invoke(app, ["init", str(place)])
    before = RUN.invoke(app, [*verb, "--json", "-w", str(place)])
    assert before.exit_code == 0
    assert json.loads(before.stdout) is not None
    assert "Run `tocsin assess` first." in before.stderr
    with Workspace.open(place) as opened:
        opened.write(prospective_run(opened, find_step("assess")), {}, started=0.0)
    assert RUN.invoke(app, [*verb, "-w", str(place)]).stderr == ""


@pytest.mark.slow
def test_all_that_is_asked_of_a_ledger_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    class Held:
        def read(self, name: str) -> pl.DataFrame:
            return empty(TABLES[name])

    with pytest.raises(TocsinError, match="Nothing here knows an organisation 'HTS'"):
        _show(Held(), "HTS", None, 5, False)  # type: ignore[arg-type]
    _show(Held(), None, None, 5, False)  # type: ignore[arg-type]
    assert "Who has what" in capsys.readouterr().out
    # An empty list would read as if nobody had any.
    with pytest.raises(UsageError, match="There is no technology class 'drones'"):
        _show(Held(), None, "drones", 5, False)  # type: ignore[arg-type]


def test_a_ledger_of_a_log_without_words_says_where_classes_are_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Held:
        def read(self, name: str) -> pl.DataFrame:
            nothing = empty(TABLES[name])
            return nothing.clear(1) if name == "incidents" else nothing

    _show(Held(), None, None, 5, False)  # type: ignore[arg-type]
    assert "Classes are read from headlines and notes" in capsys.readouterr().out
    _show(Held(), None, "cyber", 5, False)  # type: ignore[arg-type]
    assert "Classes are read" not in capsys.readouterr().out


def test_a_name_that_is_nearly_one_is_asked_about(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Held:
        def read(self, _name: str) -> pl.DataFrame:
            return pl.DataFrame({"actor": ["SSLM/A"], "confidence": [0.8]})

    explain = importlib.import_module("tocsin.assess.explain")
    monkeypatch.setattr(explain, "holdings", lambda _tables, _name: [])
    monkeypatch.setattr("tocsin.assess.technology.decisions.standing_assertions", lambda said: said)
    monkeypatch.setattr("tocsin.workspace.desk.statements", lambda _opened: ())
    monkeypatch.setattr("tocsin.assess.actors.desk.check_known", lambda *_known: None)
    _show(Held(), "SSLM", None, 5, False)  # type: ignore[arg-type]
    assert "Did you mean 'SSLM/A'?" in capsys.readouterr().out


def test_a_name_is_shown_with_what_the_given_list_says_of_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {
        "actor_id": "7", "actor": "JEM", "technology": "cyber", "told_confidence": 0.9,
        "inferred_confidence": 0.0, "source": "s",
        "conflict": "The user says that it has the class; no report here tells of it.",
    }  # fmt: skip
    rows = pl.DataFrame([row], schema=empty(TABLES["ledger_conflicts"]).schema)
    told = empty(TABLES["told_adoptions"]).clear(2)
    given = {"ledger_conflicts": rows, "told_adoptions": told}

    class Held:
        def read(self, name: str) -> pl.DataFrame:
            return given.get(name, empty(TABLES[name]))

    monkeypatch.setattr("tocsin.workspace.desk.statements", lambda _opened: ())
    monkeypatch.setattr("tocsin.assess.actors.desk.check_known", lambda *_known: None)
    _show(Held(), "jem", None, 5, True)  # type: ignore[arg-type]
    [shown] = json.loads(capsys.readouterr().out)["conflicts"]
    assert shown["actor"] == "JEM"
    _show(Held(), None, None, 5, False)  # type: ignore[arg-type]
    assert "1 of the 2 entries of the given list agree" in capsys.readouterr().out
