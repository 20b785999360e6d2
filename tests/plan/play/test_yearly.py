"""Years by territory in files: the numbers of the whole data set, in parts that go on."""

from __future__ import annotations

from collections import namedtuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.plan.play.test_labelled import ASKED, TABLES_THERE

from tocsin.errors import UsageError
from tocsin.plan import dataset
from tocsin.plan.play import yearly
from tocsin.plan.play.yearly import open_yearly, write_yearly
from tocsin.plan.region.outcomes import OUTCOMES, REGIONAL, WATCHED, by_year

Usage = namedtuple("Usage", "total used free")


@pytest.mark.slow
def test_years_of_all_futures_add_up_to_the_plans_own_ten_years(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Three portfolios in two territories: 13 futures a file.
    monkeypatch.setattr(yearly, "AT_ONCE", 13 * 4 * 3 * 10 * 15)
    files = write_yearly(TABLES_THERE, tmp_path, about={"region": "Two"}, **ASKED)
    assert [one.name for one in files] == [f"futures-{n:07d}.nc" for n in (0, 13, 26)]
    whole = dataset(TABLES_THERE, **ASKED)
    with open_yearly(tmp_path) as found:
        assert dict(found.sizes) == {
            "portfolio": 3, "future": 32, "territory": 2, "year": 10,
        } | {name: len(whole[name]) for name in ("parameter", "lever")}  # fmt: skip
        assert found.attrs["region"] == "Two"
        assert found["future"].values.tolist() == list(range(32))
        np.testing.assert_array_equal(found["parameters"].values, whole["parameters"].values)
        for name, how in OUTCOMES.items():
            years = found[name].astype("float64")
            assert ("territory" in years.dims) == (name not in REGIONAL)
            assert years.attrs["units"] == how.monthly.replace(" a month", " a year")
            ten = years.sum("year") if how.how == "sum" else years.mean("year")
            if how.how != "last":
                np.testing.assert_allclose(ten, whole[name], rtol=2e-5, atol=1e-6)
            # What the region has by year is what its territories have.
            region = years if name in REGIONAL else (
                years.sum("territory") if how.how == "sum" else years.mean("territory")
            )  # fmt: skip
            np.testing.assert_allclose(region, whole[f"{name}_by_year"], rtol=2e-5, atol=1e-6)
    # Files of the same inputs stay as they are, and what lacks is played again.
    before = [one.read_bytes() for one in files]
    files[1].unlink()
    (tmp_path / "futures-9999999.nc").write_bytes(b"of another call")
    played: list[slice] = []
    label = yearly._label

    def noted(stage: Any, level: Any, which: slice) -> Any:
        played.append(which)
        return label(stage, level, which)

    monkeypatch.setattr(yearly, "_label", noted)
    again = write_yearly(TABLES_THERE, tmp_path, about={"region": "Two"}, **ASKED)
    assert played == [slice(13, 26)]
    assert [one.read_bytes() for one in again] == before
    assert sorted(tmp_path.iterdir()) == files
    # Another seed takes nothing of it, and what a person put there stays.
    mine = tmp_path / "futures-of-mine.nc"
    mine.write_bytes(b"of a person")
    write_yearly(TABLES_THERE, tmp_path, **ASKED | {"seed": 2})
    assert len(played) == 4
    assert mine.read_bytes() == b"of a person"


def test_what_the_disk_has_no_room_for_is_refused_before_anything_is_played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yearly.shutil, "disk_usage", lambda _: Usage(10**9, 0, 10**8))
    big = ASKED | {"gwnos": list(range(432, 482)), "futures": 10_000}
    with pytest.raises(UsageError, match=r"would take 0\.4 GB, and 0\.1 GB are free") as caught:
        write_yearly(TABLES_THERE, tmp_path / "new" / "folder", **big)
    assert "another disk" in caught.value.remedy
    assert not (tmp_path / "new").exists()
    with pytest.raises(UsageError, match="no file of futures"):
        open_yearly(tmp_path)


def test_months_become_years_as_each_outcome_is_counted() -> None:
    months = np.zeros((24, len(WATCHED), 2), np.float32)
    months[:] = np.arange(24, dtype=np.float32)[:, None, None]
    found = by_year(months)
    assert found.shape == (2, len(WATCHED), 2)
    for name, first, second in (
        ("deaths", 66, 210), ("grievance", 5.5, 17.5), ("capability", 11, 23),
        ("attribution_confidence", 5.5, 17.5),
    ):  # fmt: skip
        assert found[:, WATCHED.index(name), 0].tolist() == [first, second]
