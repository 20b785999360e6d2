"""What hides, and what only looks foreign."""

# ruff: noqa: RUF001
from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.observe import observe_file
from tocsin.observe.formats.characters import (
    _HIDDEN,
    code_page_of,
    find_disguise,
    hostile,
    mend_encoding,
)

WORDS = ["Côte", "d’Ivoire", "– nord", "Ñuñoa", "œuvre", "دمشق", "Сирия", "Łódź", "Gao"]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=6))
def test_letters_that_were_mangled_once_or_twice_are_read_as_meant(
    encoding: str, words: list[str]
) -> None:
    text = mangled = " ".join(words)
    for _ in range(2):
        try:
            mangled = mangled.encode().decode(encoding)
        except UnicodeDecodeError:
            break  # Windows-1252 has no sign for five of the bytes.
        if not hostile(mangled):
            assert mend_encoding(mangled) == text


def test_what_was_meant_as_it_stands_is_left_alone() -> None:
    for name in [*HONEST, "SÃO PAULO", "Â", "MAÇÃ", "Ã É", "€50", "±5 °C"]:
        assert mend_encoding(name) == name


HONEST = [
    "Bangui", "Bir al-Hafey", "دير الزور", "Сирия", "Côte d’Ivoire", "Nguyễn", "کتاب\u200cنو",
    "क्\u200dष", "\u200fحلب", "O'Brien", "Front de Libération – Nord", "+", "-", "− 2",
]  # fmt: skip


@pytest.mark.parametrize("name", HONEST)
def test_honest_names_pass(name: str) -> None:
    assert hostile(name) is None
    assert find_disguise(name) is None


@pytest.mark.parametrize(
    "text",
    ["a\u202eb", "a\u2066b", "a\x00b", "a\x1b[0m", "\udcff", "\ufffe", "a\U000e0041",
     "a" + "\u0301" * 9],
)  # fmt: skip
def test_hostile_text_is_refused_wherever_it_stands(text: str) -> None:
    assert hostile(text)


@pytest.mark.parametrize(
    "name",
    ["\u0410leppo", "Al\u0435ppo", "\u0391den", "Al\u200beppo", "Al\u00adeppo", "Aleppo\u200e",
     "a\u200db", "\ufeffAleppo", "=1+1", "@SUM(A1)", "+cmd|x", "-2+3", "\t=1"],
)  # fmt: skip
def test_disguises_are_refused_in_names(name: str) -> None:
    assert find_disguise(name)


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    for found in (hostile(text), find_disguise(text)):
        assert found is None or found.endswith(".")


def test_honest_prose_carries_what_does_not_show(seen: dict[str, pl.DataFrame]) -> None:
    """Why names alone are held to it: docs/decisions/0011-hostile-text.md."""
    headlines = seen["reports"]["headline"].drop_nulls().to_list()
    carriers = [headline for headline in headlines if _HIDDEN.search(headline)]
    assert carriers
    assert all(hostile(headline) is None for headline in carriers)
    # As names they would be refused, and honest reports with them.
    assert any(find_disguise(headline) for headline in carriers)
    assert not seen["quarantine"]["rule"].eq("characters").any()


def test_prose_may_hold_a_zero_width_space_and_a_name_may_not(tmp_path: Path) -> None:
    from test_ucdp_ged import GOOD, written

    prose = GOOD | {"id": "2", "source_headline": "Clashes in\u200b\u200b Aleppo"}
    name = GOOD | {"id": "3", "side_b": "I\u200bS"}
    turned = GOOD | {"id": "4", "source_headline": "Clashes \u202eoppelA ni"}
    tables = observe_file(written(tmp_path, GOOD, prose, name, turned))
    assert tables["reports"]["native_id"].to_list() == ["1", "2"]
    assert tables["quarantine"]["rule"].to_list() == ["characters", "characters"]
    assert "U+200B" in tables["quarantine"]["reason"][0]
    assert "U+202E" in tables["quarantine"]["reason"][1]


ARABIC = "هجوم بعبوة ناسفة على دورية في الطريق بين المدينة والقرية، ولم تعلن أي جهة مسؤوليتها عنه"
PERSIAN = "انفجار بمب کنار جاده در نزدیکی بازار شهر سه نفر را زخمی کرد و کسی مسئولیت آن را نپذیرفت"
URDU = "سڑک کے کنارے نصب بم کے دھماکے میں تین افراد زخمی ہوئے اور کسی نے ذمہ داری قبول نہیں کی"
RUSSIAN = "Взрыв самодельного устройства у дороги возле рынка, трое ранены, никто не взял её"
GREEK = "Έκρηξη αυτοσχέδιου μηχανισμού στον δρόμο κοντά στην αγορά, τρεις τραυματίες, καμία ανάληψη"
HEBREW = "מטען חבלה התפוצץ בצד הדרך ליד השוק, שלושה נפצעו, איש לא נטל אחריות על הפיצוץ הזה"
FRENCH = "Explosion d’un engin improvisé près du marché à Sévaré, trois blessés ; l’été déjà"
TURKISH = "Çarşı yakınında yol kenarına yerleştirilen el yapımı patlayıcı infilak etti"
POLISH = "Wybuch ładunku przy drodze koło targu, trzy osoby ranne, nikt nie przyznał się, źle"


def lines_of(text: str, encoding: str) -> list[bytes]:
    """The text as a column beside dates and a French one, in the encoding."""
    return [b"id,date,what\n", b"1,2024-03-05," + text.encode(encoding) + b"\n"]


@pytest.mark.parametrize("text", [ARABIC, PERSIAN.replace("ی", "ي"), URDU])
def test_a_text_in_arabic_letters_is_told_from_its_bytes(text: str) -> None:
    text = "".join(one for one in text if one.encode("cp1256", "ignore"))
    assert code_page_of(lines_of(text, "cp1256")) == "cp1256"
    french = b"2,2024-03-06," + "à Sévaré, été".encode("cp1256") + b"\n"
    assert code_page_of([*lines_of(text, "cp1256"), french]) == "cp1256"
    assert code_page_of([*lines_of(text, "cp1256"), "é".encode()]) is None


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"), (RUSSIAN.upper(), "cp1251"), (RUSSIAN, "koi8-r"),
        (RUSSIAN.lower(), "koi8-r"), (RUSSIAN.upper(), "koi8-r"), (RUSSIAN, "iso8859-5"),
        (RUSSIAN, "cp866"), (GREEK, "cp1253"), (GREEK.upper(), "iso8859-7"), (HEBREW, "cp1255"),
        (HEBREW, "iso8859-8"), (ARABIC, "iso8859-6"), (TURKISH, "cp1254"),
        (POLISH, "cp1250"), (FRENCH.replace("’", "'"), "cp850"), (ARABIC[:18], "cp1256"),
    ],
)  # fmt: skip
def test_a_text_in_another_encoding_is_not_taken_for_one_of_these(text: str, encoding: str) -> None:
    found = text.encode(encoding, "ignore").decode(encoding)
    assert len(found) > 0.9 * len(text)
    assert code_page_of(lines_of(found, encoding)) is None


def test_a_text_of_western_europe_stays_one() -> None:
    assert code_page_of(lines_of(FRENCH, "cp1252")) == "cp1252"
