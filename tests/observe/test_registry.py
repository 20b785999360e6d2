"""A reader of another package that is faulty is named; all other files are read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import tocsin
from offers import offer
from tocsin.errors import PluginFailed, PluginWarning
from tocsin.observe import Batch, Source, observe_file, reading
from tocsin.observe.registry import READERS, readers

GROUP = "tocsin.readers"
COUNTS = "country,month,ged_sb\nMali,2021-10,3\n"
ROW = {"territory": "Mali", "gwno": 432, "year": 2001, "indicator": "n", "value": 1.0,
       "source": "Bulletin"}  # fmt: skip


def reader(*batches: Any, kind: str = "bulletin", error: Exception | None = None) -> type:
    class Bulletin:
        def __init__(self) -> None:
            self.kind = kind

        def knows(self, source: Source) -> bool:
            if error and not batches:
                raise error
            return source.header[0] == "bulletin_no"

        def read(self, source: Source) -> Iterator[Batch]:
            yield from batches
            if error:
                raise error

    return Bulletin


def batch(table: str = "covariates", **changed: Any) -> Batch:
    return Batch("Bulletin", 1, 1, {table: pl.DataFrame([ROW | changed])})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "b.csv").write_text("bulletin_no,day\n1,2\n")
    return tmp_path / "b.csv"


def test_own_readers_are_called_what_their_source_is() -> None:
    assert [READERS.find(name)().kind for name in READERS.own] == list(READERS.own)


def test_a_sound_reader_reads(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, GROUP, bulletin=reader(batch()))
    assert observe_file(path)["covariates"]["year"].to_list() == [2001]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (reader(batch(gwno=0)), "gave a wrong table 'covariates'"),
        (reader(batch(year="x")), "gave a wrong table 'covariates'"),
        (reader(batch("weather")), "gave 'weather'"),
        (reader("rows"), "gave str, where a Batch is needed"),
        (reader(batch(), error=ValueError("torn")), "raised ValueError: torn"),
    ],
)
def test_what_it_gives_is_checked(
    path: Path, monkeypatch: pytest.MonkeyPatch, made: type, words: str
) -> None:
    offer(monkeypatch, GROUP, bulletin=made)
    with pytest.raises(PluginFailed, match="reader 'bulletin' of the package 'demo") as caught:
        observe_file(path)
    assert words in caught.value.what
    (path.parent / "counts.csv").write_text(COUNTS)
    seen = tocsin.read([path, path.parent / "counts.csv"])
    assert seen.series["deaths"].to_list() == [3]
    assert words in seen.fates["refused"][0]


def test_one_that_fails_to_look_or_to_load_is_passed_over(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(monkeypatch, GROUP, blind=reader(error=OSError("dark"), kind="blind"),
          stub=object, thief=reader(batch(), kind="acled"),
          good=reader(batch()))  # fmt: skip
    with pytest.warns(PluginWarning) as caught:
        found = reading(Source.of_path(path))
    assert found.reader.kind == "bulletin"
    said = " ".join(str(one.message) for one in caught)
    for words in ("'blind' of the package 'demo 1.0' raised OSError: dark", "has no 'kind'",
                  "calls its source 'acled'"):  # fmt: skip
        assert words in said
    with pytest.warns(PluginWarning):
        assert [one.kind for one in readers()][:2] == ["ucdp-ged", "ucdp-actors"]
