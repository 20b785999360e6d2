"""Texts are read from UCDP files and cut into parts."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.bench.mentions.texts import FACTS, REGIONS, digest, parts, read_texts
from tocsin.errors import SourceRefused


def write_region(folder: Path, region: str, rows: list[dict[str, str]]) -> None:
    """A file of made-up events under the name of a region's UCDP file."""
    names = ["id", "source_headline", "source_article", *FACTS]
    lines = [",".join(names)]
    lines += [",".join(f'"{row.get(name, "")}"' for name in names) for row in rows]
    with gzip.open(folder / REGIONS[region], "wt", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")


@given(st.text(alphabet="ab ;|", max_size=60))
def test_parts_hold_all_words_and_no_separator(text: str) -> None:
    pieces = parts(text)
    assert [piece.number for piece in pieces] == list(range(len(pieces)))
    told = "".join(text[piece.start : piece.end] for piece in pieces)
    assert told.replace(" ", "") == text.translate(str.maketrans("", "", " ;|"))
    for piece in pieces:
        words = text[piece.start : piece.end]
        assert words == words.strip()
        assert words


def test_a_text_is_the_headline_or_else_the_article(tmp_path: Path) -> None:
    rows = [
        {"id": "7.0", "source_headline": "Clash", "source_article": "Paper, Clash"},
        {"id": "8", "source_headline": " ", "source_article": "Paper 1992, Landmine"},
        {"id": "9"},
    ]
    write_region(tmp_path, "SSD", rows)
    texts = read_texts(tmp_path, "SSD")
    assert texts.select("event_id", "field", "text").rows() == [
        ("7", "h", "Clash"),
        ("8", "a", "Paper 1992, Landmine"),
    ]
    assert texts["sha256"].to_list() == [digest("Clash"), digest("Paper 1992, Landmine")]


def test_a_missing_file_or_column_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match="missing"):
        read_texts(tmp_path, "SSD")
    with gzip.open(tmp_path / REGIONS["SSD"], "wt") as out:
        out.write("id,source_headline\n1,Clash\n")
    with pytest.raises(SourceRefused, match="lacks the column"):
        read_texts(tmp_path, "SSD")
