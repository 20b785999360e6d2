"""What takes tables now takes paths for one release more, with a warning."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tocsin.anticipate.data.history import as_history

Old = Callable[[str, str], Any]


@pytest.mark.slow
def test_files_are_linked(old: Old, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,date,place\n1,2020-01-01,Bangui\n")
    for module in ("assess.linkage", "assess.linkage.link"):
        assert old(module, "link_files")([path]).clusters.height == 1


def test_a_history_is_read_of_a_file(old: Old, tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    path.write_text("country,month,ged_sb\nMali,2020-01,1\nMali,2020-02,3\n")
    with pytest.warns(DeprecationWarning, match="read_table"):
        assert as_history(path, "ged_sb").deaths.tolist() == [[1.0, 3.0]]
    with pytest.warns(DeprecationWarning, match="read_table"):
        whole = old("anticipate.data.history", "read_history")(path, "ged_sb")
    with pytest.warns(DeprecationWarning, match="read_table"):
        first = old("anticipate.data.history", "read_until")(path, "ged_sb", "2020-01")
    assert whole.deaths.tolist() == [[1.0, 3.0]]
    assert first.deaths.tolist() == [[1.0]]
