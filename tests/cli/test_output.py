"""What the verbs print: a table in a pipe keeps each row on a line, however wide it is."""

from __future__ import annotations

import json

import pytest

from tocsin.cli.output import print_json, print_table, print_warning
from tocsin.errors import PluginWarning


def test_a_wide_table_in_a_pipe_is_not_folded(capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"measure {number}" for number in range(14)]
    print_table("Many", names, [[number + 0.123 for number in range(14)]])
    printed = capsys.readouterr().out
    assert any(all(f"{number}.123" in line for number in range(14)) for line in printed.split("\n"))
    assert "…" not in printed


def test_words_fold_before_digits_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    print_table("", ["what", "a", "b"], [["long words " * 12, 0.12345, 1_234_567]])
    printed = capsys.readouterr().out
    assert "0.12345" in printed
    assert "1,234,567" in printed


def test_a_plug_in_that_is_left_out_takes_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_warning(PluginWarning("'pool' is not used."), PluginWarning, "a.py", 58)
    assert capsys.readouterr().err == "Warning: 'pool' is not used.\n"
    print_warning(RuntimeWarning("overflow"), RuntimeWarning, "a.py", 58)
    assert "a.py:58: RuntimeWarning: overflow" in capsys.readouterr().err


def test_what_is_no_finite_number_is_null_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"a": [1.5, float("nan")], "b": (float("inf"), {"c": -float("inf")}), "d": None})
    told = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert told == {"a": [1.5, None], "b": [None, {"c": None}], "d": None}
