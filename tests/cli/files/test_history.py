"""A history in a file: what is wrong with it is said with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.cli.files.history import read_history
from tocsin.errors import SourceRefused


def test_the_line_of_a_wrong_value_is_said(tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    path.write_text("country;month;n\n\nMali;2020-01;2\nMali;soon;3\n")
    with pytest.raises(SourceRefused, match=r"h\.csv, line 4, column month"):
        read_history(path, "n")
    path.write_text("country;month;n\n\nMali;2020-01;2\n")
    assert read_history(path, "n").deaths.tolist() == [[2.0]]
