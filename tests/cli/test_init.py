"""The command as a whole: whatever happens, a sentence says so, and the exit code is 1 or 2."""

from __future__ import annotations

import io
import json
from itertools import pairwise

import polars as pl
import pytest
from typer.testing import CliRunner

import tocsin.cli as command
from tocsin.cli.output import TRACEBACK
from tocsin.errors import UsageError


def ended(monkeypatch: pytest.MonkeyPatch, error: BaseException, *words: str) -> int | str | None:
    """The exit code of the command where the verb raises this."""

    def raising() -> None:
        raise error

    monkeypatch.setattr(command, "app", raising)
    monkeypatch.setattr(command, "watch_for_stop", lambda: None)
    monkeypatch.setattr("sys.argv", ["tocsin", *words])
    with pytest.raises(SystemExit) as end:
        command.main()
    return end.value.code


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device", "/some/file"), "No space left on device"),
        (OSError(30, "Read-only file system"), "Read-only file system"),
        (PermissionError(13, "Permission denied", "x"), "Permission denied"),
        (MemoryError(), "not enough memory"),
        (KeyError("row"), "fault of tocsin (KeyError: 'row')"),
        (RecursionError("too deep\nand more"), "too deep"),
        (pl.exceptions.PanicException("a panic"), "a panic"),
    ],
)
def test_what_nobody_foresaw_is_said_in_a_sentence(
    error: BaseException,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv(TRACEBACK, raising=False)
    assert ended(monkeypatch, error) == 1
    told = capsys.readouterr()
    assert said in told.err
    assert "Traceback" not in told.err
    assert ended(monkeypatch, error, "--json") == 1
    assert said in json.loads(capsys.readouterr().out)["what"]


def test_a_fault_can_be_seen_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TRACEBACK, "1")
    with pytest.raises(KeyError):
        ended(monkeypatch, KeyError("row"))


def test_a_terminal_without_a_sign_ends_no_verb(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stderr", narrow)
    assert ended(monkeypatch, UsageError("Ålesund \ud800.")) == 2
    narrow.flush()
    assert rb"\xc5lesund \ud800" in narrow.buffer.getvalue()  # type: ignore[attr-defined]


def test_a_wrong_command_ends_with_two(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ended(monkeypatch, UsageError("No.")) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ["forecast", "--history", "h", "--origin", "2014-12", "--seed", "-1"],
        ["forecast", "--history", "h", "--origin", "2014-12", "--seed", str(2**32)],
        ["forecast", "--history", "h", "--origin", "2014-12", "--draws", "999999999"],
        ["backtest", "--history", "h", "--seed", "-1"],
        ["diffuse", "--adoptions", "a", "--out", "o", "--seed", "-1"],
        ["networks", "--seed", "-1"],
    ],
    ids=lambda words: " ".join(words[::3]),
)
def test_numbers_out_of_bounds_are_told_before_anything_is_read(words: list[str]) -> None:
    made = CliRunner().invoke(command.app, words)
    assert made.exit_code == 2
    assert "equal to" in made.output or "range" in made.output or "Missing" in made.output


def test_a_paragraph_of_the_help_is_as_wide_as_the_terminal() -> None:
    """A line ends where the next word would not fit, and not where the source's line ends."""
    shown = CliRunner().invoke(command.app, ["observe", "--help"]).output.split("─")[0]
    lines = [line.strip() for line in shown.split("Example:")[0].splitlines()]
    for line, after in pairwise(lines):
        if line and after:
            assert len(line) + 1 + len(after.split()[0]) > 78
