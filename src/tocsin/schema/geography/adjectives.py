"""Adjectives of states: 'Nigerian', 'nigériane', 'colombiano', 'السورية'.

One table (`data/adjectives.csv`) has the form of each that a dictionary has, in English, French,
Spanish (with the Portuguese word where it is another) and Arabic; the other forms follow from it.
Words for peoples (Kurdish, Arab) are not in it, and a word of two states (Congolese) is of both.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from tocsin.schema.vocabulary.folding import ORGANISATIONS

_ARTICLE = "ال"
_FEMININE = "ة"


def states_of(word: str) -> frozenset[int]:
    """Find the states whose adjective a word is, or several words are.

    Args:
        word: the adjective in any of its forms; case and accents do not matter.

    Returns:
        Gleditsch-Ward numbers; none where it is no state's, two where two states share it.

    >>> states_of("Nigerian"), states_of("nigériane"), states_of("Kurdish")
    (frozenset({475}), frozenset({475}), frozenset())
    >>> sorted(states_of("congolaises")), states_of("السورية")
    ([484, 490], frozenset({652}))
    """
    return _by_form().get(ORGANISATIONS.fold(word), frozenset())


@cache
def _by_form() -> dict[str, frozenset[int]]:
    text = files("tocsin.schema.geography").joinpath("data/adjectives.csv").read_text("utf-8")
    found: dict[str, frozenset[int]] = {}
    for row in csv.DictReader(text.splitlines()):
        for language, forms in _FORMS.items():
            for word in filter(None, row[language].split("|")):
                for form in forms(word):
                    key = ORGANISATIONS.fold(form)
                    found[key] = found.get(key, frozenset()) | {int(row["gwno"])}
    return found


def _english(word: str) -> Iterator[str]:
    yield word


def _french(word: str) -> Iterator[str]:
    """'malien, malienne, maliens, maliennes'; 'béninois' is its own plural."""
    feminine = word + ("" if word.endswith("e") else "ne" if word.endswith("en") else "e")
    for form in (word, feminine):
        yield form
        yield form + ("" if form.endswith("s") else "s")


def _spanish(word: str) -> Iterator[str]:
    """'sirio, siria, sirios, sirias'; 'francés, francesa'; 'iraní, iraníes'. Portuguese too."""
    yield word
    if word.endswith("o"):
        yield from (word[:-1] + end for end in ("a", "os", "as"))
    elif word.endswith(("és", "ês", "ol")):
        yield from (word + end for end in ("a", "es", "as"))
    elif word.endswith("í"):
        yield from (word + end for end in ("s", "es"))
    else:
        yield word + "s"


def _arabic(word: str) -> Iterator[str]:
    """'سوري' with its article and as a feminine; the last word has the ending."""
    for form in (word, word + _FEMININE):
        yield form
        yield _ARTICLE + form


_FORMS = {"en": _english, "fr": _french, "es": _spanish, "ar": _arabic}
