"""A path is taken as text or as an object that stands for one; all else is refused in words."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.base.paths import as_path, as_paths
from tocsin.errors import UsageError


class Place:
    """An object of another library that stands for a path."""

    def __init__(self, text: str | bytes) -> None:
        self.text = text

    def __fspath__(self) -> str | bytes:
        return self.text


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_text_and_paths_are_taken_alike(text: str) -> None:
    if text.strip():
        assert as_path(text) == as_path(Path(text)) == as_path(Place(text)) == Path(text)
    else:
        with pytest.raises(UsageError, match="empty"):
            as_path(text)


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (None, "not None"),
        (3, "not a int"),
        (b"data.csv", "not a bytes"),
        (Place(b"data.csv"), "not as bytes"),
        ("", "is empty"),
        ("a\0b", "NUL"),
        ({"data.csv": 1}, "not a dict"),
        (pl.DataFrame({"data.csv": [1]}), "not a DataFrame"),
        (pl.Series(["data.csv"]), "not a Series"),
        (np.array(["data.csv"]), "not a ndarray"),
    ],
)
def test_what_is_no_path_is_refused(thing: Any, words: str) -> None:
    for take in (as_path, as_paths):
        with pytest.raises(UsageError, match=words) as refused:
            take(thing)
        assert "pathlib.Path" in refused.value.remedy


def test_several_are_taken_in_their_order() -> None:
    wanted = [Path("b.csv"), Path("a.csv")]
    assert as_paths(["b.csv", Path("a.csv")]) == wanted
    assert as_paths(one for one in ("b.csv", "a.csv")) == wanted
    assert as_paths("b.csv") == as_paths(Place("b.csv")) == wanted[:1]
    assert as_paths(()) == []


def test_the_one_that_is_none_is_named() -> None:
    with pytest.raises(UsageError, match=r"paths\[1\]"):
        as_paths(["a.csv", os.fsencode("b.csv")])


def test_an_address_in_a_network_is_no_path() -> None:
    with pytest.raises(UsageError, match="fetches nothing over https"):
        as_path("https://example.org/log.csv")
