"""What people and data sets call the columns of event files: one vocabulary for all readers.

`observe` drafts mappings by it, `link` finds the columns of files by it. Names are in English,
French, Spanish, Portuguese and Arabic, the commonest also in eight languages more; beside them
stand names that only data sets use (`data`) and words that may mean many things (`vague`). These
two count only as whole names, the words of the languages also as parts of longer ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from tocsin.schema.vocabulary.folding import HEADINGS
from tocsin.schema.vocabulary.heading.further import FURTHER
from tocsin.schema.vocabulary.heading.words import WORDS

LANGUAGES = {
    "en": "English", "data": "as data sets call it", "fr": "French", "es": "Spanish",
    "pt": "Portuguese", "ar": "Arabic", "ru": "Russian", "uk": "Ukrainian", "tr": "Turkish",
    "id": "Indonesian", "sw": "Swahili", "ht": "Haitian Creole", "fa": "Persian",
    "de": "German",
    "vague": "a word of many meanings",
}  # fmt: skip
"""Where names are from, in the order in which they are trusted when a file has several."""
DAYS_OF_MONTHS = ("start day", "day", "event day", "jour", "dia", "اليوم")
"""Names of a date that mean the day of a month where a year and a month stand beside it."""
WHOLE = ("data", "vague")
"""Names that say nothing where they are a part of a longer one."""


@dataclass(frozen=True)
class Spelling:
    """A field that a column's name may mean, with the language of the name and how likely it is."""

    field: str
    language: str
    score: float
    """1 for the whole name, less where it is only a part of a longer one."""


def find_spellings(name: str) -> list[Spelling]:
    """List the fields that a column's name may mean, the likeliest first.

    Args:
        name: the heading, in any of the languages and any spelling.

    Returns:
        The possible fields, each with a score up to 1; empty where nothing is like the name.

    >>> [(s.field, s.language) for s in find_spellings("Fecha del evento")][:1]
    [('date', 'es')]
    >>> find_spellings("خط العرض")[0].field, find_spellings("Actor1")[0].field
    ('latitude', 'actor_a')
    """
    return list(_find(name))


# A heading is asked of by each question that a draft has, and each of a form's rows again.
@lru_cache(maxsize=1 << 12)
def _find(name: str) -> tuple[Spelling, ...]:
    asked = [(words, words.replace(" ", "")) for words in {HEADINGS.fold(name), asked_for(name)}]
    found = _find_in_both(name)
    for field, language, spelling, rank, close in _spellings():
        score = 0.0
        part = f" {spelling} " if language not in WHOLE and len(spelling) > 3 else None
        for words, together in asked:
            if together == close:
                score = max(score, (0.8 if language == "vague" else 1.0) - 0.01 * rank)
            elif part and part in f" {words} ":
                score = max(score, 0.6 * len(spelling) / len(words) + 0.2)
        if score > found.get(field, Spelling(field, language, 0)).score:
            found[field] = Spelling(field, language, round(score, 3))
    return tuple(sorted(found.values(), key=lambda one: -one.score))


_TWO = re.compile(r"^([^(/]+?)\s*(?:\(([^()]+)\)|/([^(/]+))\s*$")


def _find_in_both(name: str) -> dict[str, Spelling]:
    """The field of a heading in two languages, 'Mouri (Morts)', where both say the same."""
    halves = _TWO.match(name)
    if halves is None:
        return {}
    one, other = (_find(half) for half in filter(None, halves.groups()))
    both = one and other and one[0].field == other[0].field
    return {one[0].field: one[0]} if both and min(one[0].score, other[0].score) > 0.9 else {}


_ASKING = (
    "how many what which when where who in on at did does do has have is was were been the a an of "
    "it this that there happen happened occur occurred incident event attack take took place many "
    "people persons exact approximate combien de du des quel quelle quels quelles quand ou qui est "
    "la le les l il y a t ont ete etait personnes cuantos cuantas cual cuando donde quien fue "
    "fueron hubo el los las personas quantos quantas qual quando onde quem foi foram os as pessoas"
)
"""Words of a question that do not say what is asked for."""


def asked_for(name: str) -> str:
    """Fold the name of a column; of a question take the words that say what it asks for.

    Forms of one's own have questions for names.

    >>> asked_for("How many people were killed?"), asked_for("Where did it happen?")
    ('killed', 'where')
    >>> asked_for("EventDate"), asked_for(":?"), asked_for("5_How_many_killed")
    ('event date', '', 'killed')
    """
    question = re.sub(r"^\d+[_.)]\s*", "", name)
    words = HEADINGS.fold(question)
    if "?" not in name and "؟" not in name and question == name:
        return words
    every = words.split()
    return " ".join(word for word in every if word not in _ASKING.split()) or "".join(every[:1])


_HXL = {
    "date": "date", "date+start": "date", "date+end": "date_end", "date+year": "year",
    "date+month": "month", "country": "country", "adm1": "adm1", "adm2": "adm2", "loc": "place",
    "geo+lat": "latitude", "geo+lon": "longitude", "affected+killed": "deaths_best",
    "affected+killed+civilians": "deaths_civilians", "event+id": "id", "meta+id": "id", "id": "id",
    "event+type": "category", "cause+type": "category", "cause": "category", "group": "actor_a",
    "group+name": "actor_a", "group+type": "",
    "description": "notes", "meta+source": "publisher",
}  # fmt: skip
"""Hashtags of the Humanitarian Exchange Language, with the attributes that tell fields apart."""


def field_of_tag(tag: str) -> str | None:
    """Find the field that an HXL hashtag means; attributes that tell nothing here are passed over.

    Source: HXL 1.1 core schema (HXL Working Group, 2018).

    Args:
        tag: such as '#geo+lat', in any case and with spaces.

    Returns:
        The field; None where the tag means none.

    >>> field_of_tag("#adm1 +name"), field_of_tag("#geo+lon"), field_of_tag("#meta+url")
    ('adm1', 'longitude', None)
    """
    stem, *given = tag.casefold().replace(" ", "").removeprefix("#").split("+")
    known = ((one, name.split("+")) for one, name in ((field, key) for key, field in _HXL.items()))
    fits = [
        (len(parts), field)
        for field, (head, *parts) in known
        if head == stem and set(parts) <= set(given)
    ]
    if not fits or (stem == "meta" and max(fits)[0] == 0):
        return None
    return max(fits)[1]


_SOME = frozenset((
    "men", "women", "boys", "girls", "children", "male", "males", "female", "females", "minors",
    "hommes", "femmes", "enfants", "hombres", "mujeres", "ninos", "ninas", "menores", "injured",
    "wounded", "blesses", "heridos", "m", "f", "h", "civilians", "civilian", "soldiers", "workers",
    "civils", "civiles", "civis", "soldats", "militaires", "militares", "nationals", "police",
    "enfant", "kidnapped", "abducted", "missing", "mujer", "femme", "perpetrators", "terrorists",
))  # fmt: skip
"""Words of a name that tell of some of the dead, or of others than the dead."""
_ALL = frozenset({"total", "all", "tous", "totales", "todos", "and", "et", "y", "or"})


def of_some(name: str) -> bool:
    """Tell whether a heading counts some of the dead, or others than the dead.

    >>> of_some("Aid Workers Killed"), of_some("Killed"), of_some("Men and women killed")
    (True, False, False)
    """
    words = set(HEADINGS.fold(name).split())
    return bool(words & _SOME) and not words & _ALL


_NUMBERS_OF_STATES = frozenset((
    "gwno", "gw no", "gwno a", "gwcode", "gw code", "gwid", "gw id", "gw number", "gw",
    "gleditsch ward", "gleditsch ward number", "gleditsch ward code",
))  # fmt: skip


@lru_cache
def counts_states(name: str) -> bool:
    """Tell whether a heading says that states stand as their Gleditsch-Ward numbers.

    >>> counts_states("GWNO"), counts_states("gw_code"), counts_states("ISO numeric")
    (True, True, False)
    """
    return HEADINGS.fold(name) in _NUMBERS_OF_STATES


@cache
def names_of(field: str) -> tuple[str, ...]:
    """List all names of a field, folded and without spaces, the most trusted first.

    Args:
        field: a field of `WORDS`.

    Returns:
        The names.

    >>> names_of("longitude")[:2]
    ('longitude', 'lon')
    """
    trusted = list(LANGUAGES)
    found = sorted(
        (one for one in _spellings() if one[0] == field), key=lambda one: trusted.index(one[1])
    )
    return tuple(dict.fromkeys(close for *_, close in found))


@cache
def _spellings() -> tuple[tuple[str, str, str, int, str], ...]:
    """Field, language, the folded name, its rank among the language's, and the name in one word."""
    return tuple(
        (field, language, folded := HEADINGS.fold(spelling), rank, folded.replace(" ", ""))
        for field, languages in WORDS.items()
        for language, spellings in (languages | FURTHER.get(field, {})).items()
        for rank, spelling in enumerate(spellings.split("|"))
    )
