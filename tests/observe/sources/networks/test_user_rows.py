"""A person's name in a user's own list reaches no table, no file, no page and no message."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.observe import Source, reading
from tocsin.schema import TABLES
from tocsin.schema.settings import Region, Settings
from tocsin.workspace.store import Workspace

WORDS = ("zebedee", "quillfeather")
"""The parts of a name that nobody has."""
LOG = "id,date,country,deaths,side_a,side_b,headline\n" + "".join(
    f"{i},2023-0{i}-05,Mali,7,Ansar Circle,Army,Ansar Circle drone hits camp\n" for i in range(1, 6)
)
ADOPTIONS = """actor,technology,from,to,confidence,source
Ansar Circle,uncrewed-aircraft,,,0.9,A Letter of the Year 2020
Zebedee Quillfeather,cyber,2020,2021,0.8,Interview with Zebedee Quillfeather
ZEBEDEE QUILLFEATHER,cyber,2022,2023,0.8,"Letter of Zebedee Quillfeather, 2022"
Zebedee Quillfeather,catapults,2020,2021,0.8,Zebedee Quillfeather
Zebedee Quillfeather,cyber,2021,2020,0.8,
Ansar Circle,Zebedee Quillfeather,2020,2021,0.8,
Ansar Circle,cyber,Zebedee Quillfeather,,0.8,
Ansar Circle,cyber,2020,2021,Quillfeather,
Ansar Circle,cyber,2020,2021,0.8 says Zebedee,
=Zebedee Quillfeather,cyber,2020,2021,0.8,
Government of Mali,uncrewed-aircraft,2020,,0.9,
"""
TIES = """source,target,channel,weight,from,to,undirected,said_by
Zebedee Quillfeather,Ansar Circle,ties,1,2023,,yes,According to Zebedee
Zebedee Quillfeather,zebedee quillfeather,ties,1,2023,,yes,
Ansar Circle,Zebedee Quillfeather,Quillfeather,1,2023,,yes,
Ansar Circle,Zebedee Quillfeather,ties,1,2023,,Zebedee,
Ansar Circle,Ansar Circle,ties,Zebedee,2023,,no,
"""


ROWS = {
    "actor,technology,from,to,time,confidence,source": "JEM,cyber,2015,2016,,0.8,desk",
    "source,target,channel,weight,from,to,undirected,said_by": "IS,HTS,ties,1,2015,2016,no,desk",
}


@given(
    header=st.sampled_from(sorted(ROWS)),
    column=st.integers(0, 7),
    name=st.text("abcdefghijklmnopqrstuvwxyzéüأبتث", min_size=3, max_size=9),
    before=st.sampled_from(["", "=", "2015 ", "0.8 ", "\u200b", "Government of ", "drone "]),
)
def test_a_name_in_any_column_is_in_no_table(
    header: str, column: int, name: str, before: str
) -> None:
    said = f"Zq{name} Zq{name}dottir"
    cells = ROWS[header].split(",")
    column = min(column, len(cells) - 1)
    # Who says so may be a publication: of that column only names of the row and speakers go.
    speaker = "Interview with " if header.split(",")[column] in ("source", "said_by") else ""
    cells[column] = f"{before}{speaker}{said}"
    text = "\n".join([header, ",".join(cells), ROWS[header]])
    tables = reading(Source.of_bytes("l.csv", text.encode())).tables()
    kept = "".join(str(frame.to_dicts()) for frame in tables.values())
    assert "zq" not in kept.casefold()
    assert sum(frame.height for one, frame in tables.items() if one.startswith("told")) >= 1


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A workspace in which both lists have been observed, with all that was said meanwhile."""
    files = tmp_path_factory.mktemp("lists")
    for name, text in (("log.csv", LOG), ("firsts.csv", ADOPTIONS), ("ties.csv", TIES)):
        (files / name).write_text(text, encoding="utf-8")
    place = files / "w"
    region = Region(name="Sahel", territories={"Sahel": [432]})
    Workspace.init(place, Settings(region=region)).close()
    run = CliRunner()
    mapping = files / "log.toml"
    drafted = run.invoke(app, ["observe", "--suggest-mapping", str(files / "log.csv")])
    mapping.write_text(drafted.stdout, encoding="utf-8")
    said = []
    for words in (
        ["observe", str(files / "log.csv"), "--mapping", str(mapping)],
        ["observe", str(files / "firsts.csv"), str(files / "ties.csv")],
        ["assess"],
        ["adoption"],
        ["adoption", "--json"],
        ["quarantine"],
        ["quarantine", "--json"],
        ["brief"],
        ["export", "--out", str(place / "out")],
    ):
        done = run.invoke(app, [*words, "-w", str(place)])
        said.append(f"{words[0]}: {done.exit_code}\n{done.output}\n{done.exception or ''}")
    return place, "\n".join(said)


def _cells(place: Path) -> Iterator[str]:
    """All tables as text: the database packs its own file, which no search by bytes can read."""
    with Workspace.open(place) as opened:
        for name in TABLES:
            yield name + json.dumps(opened.read(name, provenance=True).to_dicts(), default=str)


@pytest.mark.slow
def test_the_name_is_nowhere_and_the_rows_are_kept(made: tuple[Path, str]) -> None:
    place, said = made
    everything = [said, *_cells(place)]
    files = [path for path in place.rglob("*") if path.is_file()]
    everything += [path.read_bytes().decode("utf-8", "replace") for path in files]
    whole = "\n".join(everything).casefold()
    assert "ansar circle" in whole
    assert "index.html" in {path.name for path in files}
    for word in WORDS:
        assert [whole[max(0, m.start() - 90) :][:120] for m in re.finditer(word, whole)] == []
    with Workspace.open(place) as opened:
        told, conflicts = opened.read("told_adoptions"), opened.read("ledger_conflicts")
        ties = opened.read("ties").filter(channel="ties")
        assert opened.read("told_ties").height == 1
    assert told.height == 4
    assert conflicts["actor"].to_list() == [
        "Ansar Circle",
        "row 3 of firsts.csv: nobody known here",
        "row 4 of firsts.csv: nobody known here",
        "Government of Mali",
    ]
    assert "Another row" in conflicts["conflict"][1]
    assert "It is a state" in conflicts["conflict"][3]
    assert all("names nobody known here" in one for one in conflicts["conflict"][1:3])
    assert set(ties["related"]) == {"Ansar Circle", "row 2 of ties.csv: nobody known here"}


@pytest.mark.slow
def test_names_that_an_earlier_tocsin_kept_are_sealed(made: tuple[Path, str]) -> None:
    place, _ = made
    with duckdb.connect(str(place / "tocsin.duckdb")) as connection:
        for table, column in (("told_adoptions", "actor"), ("told_ties", "related")):
            connection.execute(f'ALTER TABLE {table} DROP COLUMN "row"')
            connection.execute(f"UPDATE {table} SET {column} = 'Zebedee Quillfeather'")
    assert not any(word in cell.casefold() for cell in _cells(place) for word in WORDS)
