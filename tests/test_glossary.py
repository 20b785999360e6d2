"""The glossary names rooms and tables that there are."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from tocsin.schema import TABLES, columns

PAGE = (Path(__file__).parents[1] / "docs" / "glossary.md").read_text("utf-8")
PLACES = re.findall(r"\*([^*]+)\*", re.sub(r"\*\*[^*]+\*\*", "", PAGE))


def test_each_place_of_a_word_exists() -> None:
    columns_of_tables = {name for table in TABLES.values() for name in columns(table)}
    named = {one for place in PLACES for one in re.findall(r"`([a-z_.]+)`", place)}
    assert len(named) > 40
    for name in named - columns_of_tables - set(TABLES):
        assert importlib.util.find_spec(f"tocsin.{name}"), name


def test_each_word_is_said_once() -> None:
    words = [
        word
        for line in PAGE.splitlines()
        if line.startswith("**")
        for word in re.findall(r"\*\*(.+?)\*\*", line)
    ]
    assert len(words) > 50
    assert len(words) == len(set(words))
