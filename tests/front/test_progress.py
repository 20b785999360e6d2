"""Progress is silent, a line on standard error, or a function's."""

from __future__ import annotations

import pytest

from tocsin.errors import UsageError
from tocsin.front.progress import teller


def test_three_ways(capsys: pytest.CaptureFixture[str]) -> None:
    for silent in (None, False):
        teller(silent)("Reading")
    assert capsys.readouterr() == ("", "")
    teller(True)("Reading")
    assert capsys.readouterr() == ("", "Reading …\n")
    said: list[str] = []
    teller(said.append)("Reading")
    assert said == ["Reading"]


def test_what_cannot_be_told_is_refused() -> None:
    with pytest.raises(UsageError, match="a function of one text"):
        teller("bar")  # type: ignore[arg-type]
