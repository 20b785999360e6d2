"""One folding, with what each purpose wants of it."""

from __future__ import annotations

import sys
import unicodedata
from unicodedata import decomposition

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tocsin.schema.vocabulary.folding import (
    APOSTROPHES,
    HEADINGS,
    LINKED_NAMES,
    ORGANISATIONS,
    PATTERNS,
    TERRITORIES,
    TEXTS,
    Folding,
    fold_in_place,
    fold_texts,
)

PURPOSES = (HEADINGS, LINKED_NAMES, ORGANISATIONS, TERRITORIES, TEXTS, PATTERNS)


@pytest.mark.parametrize("purpose", PURPOSES)
@given(text=st.text(max_size=30))
def test_a_folded_text_has_no_accents(purpose: Folding, text: str) -> None:
    folded = purpose.fold(text)
    assert not any(unicodedata.combining(c) for c in folded)


@pytest.mark.parametrize("purpose", [LINKED_NAMES, TERRITORIES])
@given(text=st.text(st.characters(max_codepoint=0x24F), max_size=30))
def test_case_accents_and_outer_space_do_not_matter(purpose: Folding, text: str) -> None:
    once = purpose.fold(text)
    assert purpose.fold(once) == once
    assert purpose.fold(f"  {unicodedata.normalize('NFD', text)} ") == once


@pytest.mark.parametrize("sign", APOSTROPHES)
def test_an_apostrophe_is_one_however_it_is_written(sign: str) -> None:
    assert LINKED_NAMES.fold(f"Sana{sign}a") == "sanaa"
    assert TERRITORIES.fold(f"Cote d{sign}Ivoire") == "cote d'ivoire"
    assert ORGANISATIONS.fold(f"N{sign}Ko") == "n'ko"
    assert HEADINGS.fold(f"jour d{sign}avant") == "jour d avant"


def test_what_the_purposes_do_not_share() -> None:
    assert HEADINGS.fold("EventDate") == "event date"
    assert LINKED_NAMES.fold("EventDate") == "eventdate"
    assert TERRITORIES.fold("Guinea-Bissau") == "guinea-bissau"
    assert LINKED_NAMES.fold("Guinea-Bissau") == "guinea bissau"
    assert ORGANISATIONS.fold("حزب") == "hzb"
    assert LINKED_NAMES.fold("حزب") == "حزب"
    assert TEXTS.fold("Dro\u200bne  X") == "drone  x"
    assert PATTERNS.fold(r"Drône\W") == r"Drone\W"


@given(st.text(max_size=40))
def test_each_folded_character_knows_where_it_came_from(text: str) -> None:
    folded, places = TEXTS.fold_with_places(text)
    assert folded == TEXTS.fold(text)
    assert len(folded) == len(places)
    assert all(c in TEXTS.fold(text[place]) for c, place in zip(folded, places, strict=True))
    assert list(places) == sorted(places)


@given(st.text(max_size=40))
def test_folding_in_place_moves_nothing(text: str) -> None:
    assert len(fold_in_place(text)) == len(text)


@example(["\u0488"])
@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_a_column_folds_texts_of_one_form_to_one(texts: list[str]) -> None:
    columns = pl.select(fold_texts(pl.lit(pl.Series(texts)))).to_series().to_list()
    for text, folded in zip(texts, columns, strict=True):
        assert TEXTS.fold(folded) == TEXTS.fold(text)


def is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


@pytest.mark.slow
def test_a_column_keeps_each_character_that_texts_keep() -> None:
    """The vowels of Hindi are marks of no combining class: a word without them is another."""
    assert pl.select(fold_texts(pl.lit("ड्रोन हमला"))).item() == TEXTS.fold("ड्रोन हमला")
    every = [c for c in map(chr, range(sys.maxunicode)) if is_mark(c) or decomposition(c)]
    columns = pl.select(fold_texts(pl.lit(pl.Series(every)))).to_series().to_list()
    assert not [c for c, f in zip(every, columns, strict=True) if TEXTS.fold(f) != TEXTS.fold(c)]
