"""Frames and files are linked alike, and each link says why."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

import tocsin
from tocsin.errors import SourceRefused, UsageError

AGENCY = pl.DataFrame(
    {
        "id": ["a1", "a2", "a3"],
        "date": [date(2021, 10, 3), date(2021, 11, 20), None],
        "place": ["Gao", "Mopti", "Gao"],
        "latitude": [16.27, 14.49, 16.27],
        "longitude": [-0.04, -4.19, -0.04],
        "deaths": [3, 0, 1],
    }
)
PRESS = AGENCY.head(2).with_columns(pl.col("id").str.replace("a", "p"))


@pytest.mark.slow
def test_frames_pandas_and_files_alike(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    found = tocsin.link({"agency": AGENCY, "press": PRESS})
    assert found.links.select("id_a", "id_b").sort("id_a").rows() == [("a1", "p1"), ("a2", "p2")]
    assert found.clusters.height == 5
    assert found.unlinked["id"].to_list() == ["a3"]
    assert [note for note in found.notes if "agency: 1 row could not be weighed" in note]
    assert found.columns["agency"]["latitude"] == "latitude"
    pandas = tocsin.link({"agency": AGENCY.to_pandas(), "press": PRESS.to_pandas()})
    assert pandas.links.equals(found.links)
    AGENCY.write_csv(tmp_path / "agency.csv")
    PRESS.write_parquet(tmp_path / "press.parquet")
    files = tocsin.link([tmp_path / "agency.csv", tmp_path / "press.parquet"])
    assert files.links.equals(found.links)
    assert files.clusters.equals(found.clusters)


@pytest.mark.slow
def test_the_bits_of_a_link_add_up_to_its_probability() -> None:
    found = tocsin.link({"agency": AGENCY, "press": PRESS})
    last = found.why.group_by("id_a", maintain_order=True).agg(
        pl.col("bits").sum(), pl.col("total").last()
    )
    assert last["bits"].to_list() == pytest.approx(last["total"].to_list())
    odds = 2 ** last.sort("id_a")["total"].to_numpy()
    assert odds / (1 + odds) == pytest.approx(
        found.links.sort("id_a")["probability"].to_numpy(), abs=1e-5
    )


@pytest.mark.slow
def test_what_cannot_be_linked_is_said() -> None:
    with pytest.raises(UsageError, match="here are 1"):
        tocsin.link({"agency": AGENCY})
    for wrong in (AGENCY, "agency.csv", [AGENCY, PRESS]):
        with pytest.raises(UsageError) as caught:
            tocsin.link(wrong)  # type: ignore[arg-type]
        assert "tocsin.link({" in caught.value.remedy
    with pytest.raises(UsageError, match=r"0\.01 to 0\.99"):
        tocsin.link({"agency": AGENCY, "press": PRESS}, threshold=2.0)
    with pytest.raises(UsageError, match="No comparison is called 'wether'"):
        tocsin.link({"agency": AGENCY, "press": PRESS}, comparisons=["wether"])
    with pytest.raises(SourceRefused, match="as a date"):
        tocsin.link({"agency": AGENCY.drop("date"), "press": PRESS})


@pytest.mark.slow
def test_a_point_that_can_be_none_is_said() -> None:
    wrong = AGENCY.with_columns(latitude=pl.Series([162.7, 14.49, 16.27]))
    found = tocsin.link({"agency": wrong, "press": PRESS})
    assert [note for note in found.notes if "1 row has a latitude" in note and "'162.7'" in note]
    blank = AGENCY.with_columns(latitude=pl.Series(["NA", "", "16.27"]))
    fine = tocsin.link({"agency": blank, "press": PRESS})
    assert not [note for note in fine.notes if "latitude" in note]


@pytest.mark.parametrize("threshold", [0, 1.0, "0.5", float("nan")])
def test_a_threshold_is_a_probability(threshold: object) -> None:
    with pytest.raises(UsageError, match="no probability"):
        tocsin.link({"agency": AGENCY, "press": PRESS}, threshold=threshold)  # type: ignore[arg-type]
