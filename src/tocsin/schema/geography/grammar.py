"""How a territory's name stands in a sentence: 'in the Philippines', 'au Mali', 'à Cuba'.

One table says it of each state (`data/grammar.csv`): whether English puts 'the' before the name,
and what French does: `m`, `f` and `p` for masculine, feminine and plural with an article; `fà` for
an island with one (*à la Barbade*); `à` and `en` for names without any. Arabic puts its preposition
before any name as it is.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from importlib.resources import files

_THE = re.compile(r"(?:Islands|Republic|Emirates|Kingdom|States|Territor(?:y|ies))$|^Isle of ")
"""Names that take 'the' in English, where the table has none, as of parts of states."""


def with_the(name: str) -> str:
    """Write a territory's English name as it stands within a sentence.

    Args:
        name: tocsin's own name, or any other, which stays as it is.

    >>> with_the("Philippines"), with_the("Mali"), with_the("Faroe Islands")
    ('the Philippines', 'Mali', 'the Faroe Islands')
    """
    known = _english().get(name)
    article = known == "the" if known is not None else bool(_THE.search(name))
    return f"the {name}" if article else name


def in_french(name: str, gwno: int | None) -> str:
    """Write 'in' before a territory's French name.

    Args:
        name: the French name.
        gwno: the Gleditsch-Ward number of the territory.

    Returns:
        The name with its preposition; 'dans le territoire suivant : ' where no table knows it.

    >>> in_french("Philippines", 840), in_french("Mali", 432), in_french("Iran", 630)
    ('aux Philippines', 'au Mali', 'en Iran')
    >>> in_french("Cuba", 40), in_french("Haïti", 41), in_french("Syrie", 652)
    ('à Cuba', 'en Haïti', 'en Syrie')
    """
    kind = _french().get(gwno or 0, "")
    if kind == "m":
        return f"{'en' if _begins_with_vowel(name) else 'au'} {name}"
    before = {"f": "en", "en": "en", "p": "aux", "à": "à", "fà": "à la"}.get(kind)
    return f"{before} {name}" if before else f"dans le territoire suivant : {name}"


def _begins_with_vowel(name: str) -> bool:
    return unicodedata.normalize("NFKD", name)[:1].lower() in "aeiou"


@cache
def _rows() -> list[dict[str, str]]:
    text = files("tocsin.schema.geography").joinpath("data/grammar.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _english() -> dict[str, str]:
    return {row["name"]: row["en"] for row in _rows()}


@cache
def _french() -> dict[int, str]:
    return {int(row["gwno"]): row["fr"] for row in _rows()}
