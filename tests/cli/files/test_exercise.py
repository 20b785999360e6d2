"""After play the files of a review are written from the truth and what was decided."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.errors import UsageError


def _invoke(out: Path, decisions: Path) -> str:
    words = ["exercise", "--out", str(out), "--decisions", str(decisions)]
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_what_was_decided_becomes_an_after_action_report(tmp_path: Path) -> None:
    decisions = tmp_path / "decisions.csv"
    decisions.write_text(
        "cell,time,kind,territory,words\n"
        "Regional early-warning cell,2027-03-05 06:00,warn,Mali,Likely\n"
    )
    with pytest.raises(UsageError, match="no exercise in this folder"):
        _invoke(tmp_path, decisions)
    (tmp_path / "controllers").mkdir()
    (tmp_path / "controllers" / "truth.csv").write_text(
        "time,territory,kind,size,happens\n2027-03-15 06:00,Mali,rise,90,true\n"
    )
    assert "Rises of violence: 1; warned of before they came: 1." in _invoke(tmp_path, decisions)
    report = (tmp_path / "review.md").read_text()
    assert "The rise in Mali on 2027-03-15 was warned of 10 days before." in report
    assert "Information" in (tmp_path / "improvement-plan.csv").read_text()
    assert "true, warned 10 days before" in (tmp_path / "debrief.html").read_text()
