"""Piped output shows signs of life: a line a step, with its seconds."""

from __future__ import annotations

import pytest

from tocsin.cli.progress import showing
from tocsin.workspace.runner import Progress

WALK = [
    Progress("observe", "begun"),
    Progress("observe", "working", "file: 20,000 rows"),
    Progress("observe", "done", seconds=2.04),
    Progress("assess", "kept"),
    Progress("anticipate", "begun"),
    Progress("anticipate", "working", "origin 3 of 12", 0.25),
    Progress("anticipate", "done", seconds=31.0),
]


def test_a_line_a_step_where_the_output_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with showing(quiet=False) as show:
        for now in WALK:
            show(now)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "observe       2.0 s",
        "assess       as it was",
        "anticipate   31.0 s",
    ]


def test_a_step_shows_before_it_ends(capsys: pytest.CaptureFixture[str]) -> None:
    with showing(quiet=False) as show:
        show(Progress("plan", "begun"))
        assert capsys.readouterr().err.strip() == "plan"


def test_nothing_is_shown_to_machines(capsys: pytest.CaptureFixture[str]) -> None:
    with showing(quiet=True) as show:
        for now in WALK:
            show(now)
    assert capsys.readouterr() == ("", "")


def test_a_bar_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with showing(quiet=False) as show:
        for now in WALK:
            show(now)
    assert "anticipate   31.0 s" not in capsys.readouterr().err
