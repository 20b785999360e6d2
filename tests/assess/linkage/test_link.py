"""Linking: the order of rows and files is nothing, identifiers are sacred, good rows survive."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agreement import agree_tables
from packed import excel, opendocument, parquet
from tocsin.assess.linkage import link, link_tables
from tocsin.assess.linkage.decisions import training
from tocsin.assess.linkage.link import best_threshold, link_records
from tocsin.assess.linkage.pairs import blocking
from tocsin.assess.linkage.records.records import records, sheet
from tocsin.bench.linkage.measure import events_of
from tocsin.bench.linkage.rereport import rereport
from tocsin.bench.linkage.scores import as_pairs, b_cubed, pairwise, true_pairs
from tocsin.errors import SourceRefused, UsageError
from tocsin.observe import read_table, table_names
from tocsin.schema.mapping import read_mapping


@pytest.fixture(scope="module")
def told(seen: dict[str, pl.DataFrame]) -> tuple[list[pl.DataFrame], pl.DataFrame]:
    events = events_of(seen["reports"], before=True).filter(pl.col("adm_1").is_not_null())
    files, truth = rereport(events.sample(500, seed=2), "light", sources=3, seed=2)
    names = pl.col("source").replace_strict({0: "a", 1: "b", 2: "c"}, return_dtype=pl.String)
    return files, truth.with_columns(names.alias("source"))


def _write(files: list[pl.DataFrame], folder: Path, names: str = "abc") -> list[Path]:
    paths = [folder / f"{name}.csv" for name in names]
    for frame, path in zip(files, paths, strict=True):
        frame.write_csv(path)
    return paths


def linked_files(paths: list[Path], mapping: Path | None = None) -> link.Linked:
    tables = {n: read_table(p).rows for n, p in zip(table_names(paths), paths, strict=True)}
    return link_tables(tables, mapping=read_mapping(mapping) if mapping else None)


@pytest.mark.slow
def test_light_noise_is_seen_through(
    told: tuple[list[pl.DataFrame], pl.DataFrame], tmp_path: Path
) -> None:
    files, truth = told
    linked = linked_files(_write(files, tmp_path))
    assert pairwise(as_pairs(linked.links), true_pairs(truth))["f1"] > 0.95
    assert b_cubed(linked.clusters, truth)["f1"] > 0.97
    assert linked.clusters.height == sum(frame.height for frame in files)


@pytest.mark.slow
@settings(max_examples=6, phases=[Phase.generate])
@given(
    st.integers(0, 1000), st.integers(20, 400), st.sampled_from(["light", "medium", "heavy"]),
    st.integers(2, 4),
)  # fmt: skip
def test_links_and_clusters_agree(
    seen: dict[str, pl.DataFrame], seed: int, size: int, noise: str, sources: int
) -> None:
    events = events_of(seen["reports"], before=True).sample(size, seed=seed)
    files, _ = rereport(events, noise, sources=sources, seed=seed)
    linked = link_records(records([sheet(f"s{n}", frame) for n, frame in enumerate(files)]))
    agree_tables(linked.links, linked.clusters)


@pytest.mark.slow
def test_many_reports_are_linked_on_samples_and_narrow_windows(
    told: tuple[list[pl.DataFrame], pl.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, truth = told
    paths = _write(files, tmp_path)
    monkeypatch.setattr(blocking, "MANY", 1_000)
    monkeypatch.setattr(training, "TAUGHT", 2_000)
    linked = linked_files(paths)
    assert pairwise(as_pairs(linked.links), true_pairs(truth))["f1"] > 0.94
    again = linked_files(paths)
    assert linked.links.equals(again.links)
    assert linked.clusters.equals(again.clusters)


def test_training_takes_regions_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    region = np.random.default_rng(0).integers(0, 40, 500)
    left = np.arange(500).repeat(4)
    pairs = blocking.Pairs(left, left)
    assert training.choose_training_reports(region, pairs).all()
    monkeypatch.setattr(training, "TAUGHT", 700)
    taught = training.choose_training_reports(region, pairs)
    assert 700 <= taught[left].sum() < 1_000
    assert not set(region[taught]) & set(region[~taught])


@pytest.mark.slow
def test_order_is_nothing(told: tuple[list[pl.DataFrame], pl.DataFrame], tmp_path: Path) -> None:
    files = told[0]
    straight = linked_files(_write(files, tmp_path))
    mixed = [frame.sample(fraction=1, shuffle=True, seed=9) for frame in files]
    paths = _write(mixed, tmp_path)
    shuffled = linked_files([paths[2], paths[0], paths[1]])
    assert as_pairs(straight.links) == as_pairs(shuffled.links)
    assert straight.clusters.sort("source", "id").equals(shuffled.clusters.sort("source", "id"))


@pytest.mark.slow
def test_other_names_formats_and_no_points(
    told: tuple[list[pl.DataFrame], pl.DataFrame], tmp_path: Path
) -> None:
    files, truth = told
    other = files[1].select(
        pl.col("id").alias("Event No"),
        pl.col("date_start").str.to_date().dt.strftime("%d/%m/%Y").alias("Date of incident"),
        pl.col("place").str.to_uppercase().alias("Locality"),
        pl.col("admin1").alias("Governorate"),
        pl.col("actor1").alias("Perpetrator"),
        pl.col("deaths").alias("Dead"),
    )
    one = tmp_path / "a.csv.gz"
    one.write_bytes(gzip.compress(files[0].write_csv().encode()))
    two = tmp_path / "b.csv"
    two.write_bytes(other.write_csv(separator=";").encode("utf-8-sig"))
    mapping = tmp_path / "m.toml"
    mapping.write_text('[b]\nid = "Event No"\ndate = "Date of incident"\n')
    with pytest.warns(FutureWarning, match=r"m\.toml"):
        linked = linked_files([one, two], mapping=mapping)
    newer = tmp_path / "n.toml"
    newer.write_text('[sources.b.columns]\nid = "Event No"\ndate = "Date of incident"\n')
    assert linked_files([one, two], mapping=newer).links.equals(linked.links)
    known = truth.filter(pl.col("source").is_in(["a", "b"]))
    assert pairwise(as_pairs(linked.links), true_pairs(known))["f1"] > 0.9


CELL = st.one_of(
    st.just(""), st.text(max_size=12), st.sampled_from(["2016-01-05", "x", "-1", "1e9", "NaN", "9"])
)


@pytest.mark.slow
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(CELL, CELL, CELL, CELL, CELL, CELL), max_size=6))
def test_odd_rows_lose_no_good_row(
    tmp_path: Path, rows: list[tuple[str, str, str, str, str, str]]
) -> None:
    header = ["id", "date", "lat", "lon", "place", "deaths"]
    good = [(f"g{i}", f"2016-01-{1 + i:02d}", "10.5", "20.5", "Town", str(i)) for i in range(8)]
    for name, listed in (("a", good + rows), ("b", good)):
        frame = pl.DataFrame(listed, schema=header, orient="row")
        frame.write_csv(tmp_path / f"{name}.csv", quote_style="always")
    linked = linked_files([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert linked.clusters.height == 2 * len(good) + len(rows)
    assert {f"g{i}" for i in range(8)} <= set(linked.clusters.filter(source="a")["id"])


def test_identifiers_are_the_strings_of_the_file(tmp_path: Path) -> None:
    ids = [" 007", "1e5", "0012.0", '"q"', "é—x", "NULL", "2016-01-01"]
    for name in "ab":
        pl.DataFrame(
            {
                "id": ids,
                "date": [f"2016-0{i + 1}-01" for i in range(7)],
                "lat": [10.0 + i for i in range(7)],
                "lon": [20.0 + i for i in range(7)],
            }
        ).write_csv(tmp_path / f"{name}.csv")
    linked = linked_files([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert sorted(linked.clusters.filter(source="a")["id"].to_list()) == sorted(ids)
    assert as_pairs(linked.links) == {(("a", i), ("b", i)) for i in ids}


@pytest.mark.slow
def test_a_source_may_be_called_anything(tmp_path: Path) -> None:
    names = ["UN report (2016) v1.2", 'o\'neil-"x"']
    for name in names:
        pl.DataFrame(
            {
                "id": list("abc"),
                "date": ["2016-01-01", "2016-03-01", "2016-06-01"],
                "place": ["One", "Two", "Three"],
            }
        ).write_csv(tmp_path / f"{name}.csv")
    linked = linked_files([tmp_path / f"{name}.csv" for name in names])
    assert set(linked.clusters["source"]) == set(names)
    assert linked.links.height == 3


def test_what_cannot_be_linked_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with pytest.raises(UsageError, match="no such file"):
        linked_files([path])
    path.write_text("")
    with pytest.raises(SourceRefused):
        linked_files([path])
    path.write_text("colour,size\nred,1\nred,1\n")
    with pytest.raises(SourceRefused, match="an id"):
        linked_files([path])
    path.write_text("id,date,place\n")
    assert linked_files([path]).links.is_empty()


ROWS = [f"e{n};{1 + n % 28}.{1 + n // 28}.2021;Town {n % 5};{n % 4}" for n in range(60)]


@pytest.mark.slow
def test_excel_and_parquet_are_linked_as_csv_is(tmp_path: Path) -> None:
    text = "\n".join(["id;date;place;deaths", *ROWS]).encode()
    found = []
    for pack in (bytes, excel, opendocument, parquet):
        for name in "ab":
            (tmp_path / name).write_bytes(pack(text if pack is bytes else text.replace(b";", b",")))
        found.append(linked_files([tmp_path / "a", tmp_path / "b"]))
    assert found[0].links.height > 50
    assert all(one.links.equals(found[0].links) for one in found)


def test_a_mapping_says_what_days_codes_and_constants_mean(tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'source = "Log"\n[columns]\nid = "Ref"\ndate = "When"\nactor_a = "Who"\n'
        '[constants]\ncountry = "Chad"\n[forms]\ndate = "%m/%d/%Y"\n'
        '[values.actor_a]\nX = "Front"\n[link]\nextra = ["weapon"]\n'
    )
    rows = pl.DataFrame(
        {"Ref": ["1", "2"], "When": ["05/06/2021", "15/06/2021"], "Who": ["X", ""],
         "weapon": ["mine", None]}
    )  # fmt: skip
    one = sheet("a", rows, read_mapping(mapping))
    found = records([one])
    assert found["day0"].to_list() == [18753, None]
    assert found["actor_a"].to_list() == ["Front", None]
    assert one.text("country").to_list() == ["Chad", "Chad"]
    assert found["extra_weapon"].to_list() == ["mine", None]
    assert [row["rule"] for row in one.trouble] == ["unreadable date"]


def test_frames_of_other_libraries_and_types_are_taken() -> None:
    pandas = pytest.importorskip("pandas")
    days = pandas.date_range("2021-01-01", periods=30, freq="5D")
    table = {"id": range(30), "date": days, "lat": [10.0 + n for n in range(30)], "lon": [1.0] * 30}
    linked = link_tables({"a": pandas.DataFrame(table), "b": pl.DataFrame(table)})
    assert linked.clusters.height == 60
    assert linked.links.filter(pl.col("id_a") == pl.col("id_b")).height == 30
    with pytest.raises(UsageError, match="a: A table is needed here, not a str"):
        link_tables({"a": "a.csv"})


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_sources_that_vouch_for_each_other_lower_the_threshold(probability: list[float]) -> None:
    found = [best_threshold(np.array(probability), sources) for sources in (2, 3, 4)]
    assert found == sorted(found, reverse=True)
    assert min(found) >= 0.2
    assert max(found) <= 0.6


def town(name: str, days: list[str], **more: list[object]) -> pl.DataFrame:
    """Reports of one town, an id each."""
    rows = len(days)
    return pl.DataFrame(
        {"id": [f"{name}{n}" for n in range(rows)], "date": days, "latitude": [4.36] * rows,
         "longitude": [18.55] * rows, **more}
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("gap", [5, 11, 40, 400])
@pytest.mark.parametrize("rows", [1, 2, 3])
def test_where_training_finds_no_pair_linking_goes_on(gap: int, rows: int) -> None:
    days = [f"2010-01-{1 + 10 * n:02d}" for n in range(rows)]
    later = [str(day) for day in pl.Series(days).str.to_date().dt.offset_by(f"{gap}d").to_list()]
    for more in ({}, {"actor": ["Seleka", "LRA", "LRA"][:rows], "deaths": [1, 0, 6][:rows]}):
        linked = link_tables({"agency": town("a", days, **more), "press": town("b", later, **more)})
        assert linked.clusters.height == 2 * rows
        assert linked.clusters["cluster"].n_unique() == 2 * rows - linked.links.height
        if gap > 11:
            assert linked.links.is_empty()


def test_rows_that_read_alike_are_no_square_of_pairs() -> None:
    days = ["2020-01-01"] * 60
    linked = link_tables(
        {"a": town("a", [*days, "2020-02-01"]), "b": town("b", [*days, "2020-02-01"])}
    )
    assert as_pairs(linked.links) == {(("a", "a60"), ("b", "b60"))}
    assert linked.clusters["cluster"].n_unique() == 121
    assert linked.notes[0].startswith("60 rows of a stay unlinked")
    assert linked.pairs is not None
    assert linked.pairs.height == 1


@pytest.mark.slow
def test_ids_that_repeat_are_told_and_their_rows_named() -> None:
    days = ["2020-01-01", "2020-03-01", "2020-06-01"]
    once = town("x", days)
    twice = once.with_columns(pl.Series("id", ["7", "7", "8"]))
    linked = link_tables({"a": twice, "b": once})
    assert linked.links.select("id_a", "row_a", "id_b", "row_b").sort("row_a").rows() == [
        ("7", 1, "x0", 1), ("7", 2, "x1", 2), ("8", 3, "x2", 3),
    ]  # fmt: skip
    assert linked.clusters.columns == ["source", "id", "cluster", "row"]
    assert "1 ids of a stand on several rows, for example 7 on rows 1 and 2" in linked.notes[0]
    # A row that stands twice is one record, and its copies are in its cluster.
    doubled = link_tables({"a": pl.concat([once, once]), "b": once})
    assert doubled.clusters["cluster"].n_unique() == 3
    assert doubled.links.height == 3
