"""Nothing that we write runs in a spreadsheet."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tocsin.schema.spreadsheet import inert


@given(st.lists(st.text(st.sampled_from("=+-@\t\r1a.,e ")), max_size=8))
def test_no_cell_begins_a_formula_and_nothing_else_changes(texts: list[str]) -> None:
    frame = pl.DataFrame({"a": pl.Series(texts, dtype=pl.String), "n": range(len(texts))})
    found = inert(frame)
    assert found["n"].to_list() == frame["n"].to_list()
    for before, after in zip(texts, found["a"], strict=True):
        assert after.removeprefix("'") == before
        assert not after.startswith(("=", "@", "\t", "\r"))
        if after.startswith(("+", "-")):
            assert set(after) <= set("0123456789.,eE+-")
