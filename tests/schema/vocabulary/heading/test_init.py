"""Names of columns in four languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.observe.mapping.mapped import COLUMNS
from tocsin.schema.vocabulary.folding import HEADINGS
from tocsin.schema.vocabulary.heading import WORDS, find_spellings


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("event_date", "date"), ("EventDate", "date"), ("Date de l'événement", "date"),
        ("FECHA", "date"), ("التاريخ", "date"), ("Lat", "latitude"), ("Longitud", "longitude"),
        ("خط الطول", "longitude"), ("Pays", "country"), ("البلد", "country"),
        ("Gouvernorat", "adm1"), ("المحافظة", "adm1"), ("nkill", "deaths_best"),
        ("Nombre de morts", "deaths_best"), ("عدد القتلى", "deaths_best"),
        ("Muertos", "deaths_best"), ("Side A", "actor_a"), ("Acteur 2", "actor_b"),
        ("الفاعل", "actor_a"), ("Type d'événement", "category"), ("نوع الحدث", "category"),
        ("Fuente", "publisher"), ("Description", "notes"), ("Date fin", "date_end"),
        ("What happened?", "notes"), ("Ce qui s’est passé", "notes"), ("¿Qué pasó?", "notes"),
        ("ما حدث", "notes"),
    ],
)  # fmt: skip
def test_what_people_call_columns(name: str, field: str) -> None:
    assert find_spellings(name)[0].field == field


def test_every_field_may_be_mapped_and_no_spelling_means_two_in_one_language() -> None:
    assert set(WORDS) <= set(COLUMNS)
    for language in ("en", "fr", "es", "ar"):
        names = [
            HEADINGS.fold(name)
            for field, languages in WORDS.items()
            for name in languages.get(language, "").split("|")
            if name
        ]
        assert len(names) == len(set(names)), language


@settings(deadline=None)
@given(st.text())
def test_any_name_gets_an_answer(name: str) -> None:
    assert all(0 < one.score <= 1 for one in find_spellings(name))
