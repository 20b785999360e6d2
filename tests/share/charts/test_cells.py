"""The map of cells: one per territory, on one scale, with its sources."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tocsin.errors import UsageError
from tocsin.schema.geography.prio_grid import cells_of
from tocsin.share.charts.cells import Spec, cell_map, save_chart


def spec() -> Spec:
    rows = [
        {"priogrid_gid": number, "country": name, "p_any": i / 300, "mean": float(i % 40)}
        for name, gwno in (("Syria", 652), ("Central African Republic", 482))
        for i, number in enumerate(cells_of(gwno))
    ]
    unplaced = pl.DataFrame({"territory": ["Syria"], "share": [0.34]})
    return cell_map(
        pl.DataFrame(rows), unplaced, origin=date(2018, 10, 1), months=3, target="ged_sb"
    )


@pytest.mark.slow
def test_a_map_a_territory_on_one_scale() -> None:
    found = spec()
    titles = [part["title"]["text"] for part in found["hconcat"]]
    assert titles[0].startswith("Central African Republic (0%")
    assert titles[1].startswith("Syria (34%")
    assert found["resolve"]["scale"] == {"color": "shared", "size": "shared"}
    words = " ".join(found["title"]["subtitle"])
    assert "CC BY 4.0" in words
    assert "half a degree" in words
    assert "3 months after October 2018" in found["title"]["text"]


@pytest.mark.slow
def test_it_is_drawn_offline(tmp_path: Path) -> None:
    save_chart(spec(), tmp_path / "map.svg")
    assert (tmp_path / "map.svg").read_text().count("<path") > 250
    with pytest.raises(UsageError, match=r"\.png"):
        save_chart(spec(), tmp_path / "map.doc")
