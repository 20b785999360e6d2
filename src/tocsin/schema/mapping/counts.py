"""Counts as people write them: in words, with a unit, as a range, 'at least', 'about a dozen'."""

from __future__ import annotations

import re
from typing import NamedTuple

from tocsin.schema.vocabulary.folding import TEXTS, plain_digits


class Written(NamedTuple):
    """A count as it is written: its bounds, and whether it says one number and no other."""

    low: int
    best: int
    high: int
    exact: bool


_WORDS = {
    0: "zero nil neant aucun aucune ninguno ninguna nenhum nenhuma cero صفر ноль нет hakuna",
    1: "one un une uno una um uma واحد один",
    2: "two deux dos dois duas اثنان اثنين два",
    3: "three trois tres ثلاثة три", 4: "four quatre cuatro quatro اربعة четыре",
    5: "five cinq cinco خمسة пять", 6: "six seis ستة шесть", 7: "seven sept siete sete سبعة семь",
    8: "eight huit ocho oito ثمانية восемь", 9: "nine neuf nueve nove تسعة девять",
    10: "ten dix diez dez عشرة десять", 11: "eleven onze once", 12: "twelve douze doce doze",
    13: "thirteen treize trece treze", 14: "fourteen quatorze catorce", 15: "fifteen quinze quince",
    20: "twenty vingt veinte vinte عشرون",
}  # fmt: skip
_ABOUT = {
    10: "dizaine decena dezena", 12: "dozen douzaine docena duzia", 15: "quinzaine quincena",
    20: "vingtaine veintena vintena", 30: "trentaine treintena", 40: "quarantaine",
    50: "cinquantaine", 100: "centaine centena",
}  # fmt: skip
_NUMBERS = {word: number for number, words in _WORDS.items() for word in words.split()}
_DOZENS = {word: number for number, words in _ABOUT.items() for word in words.split()}
_DEAD = (
    r"(?:persons? |people |personnes? |personas |pessoas )?"
    r"(?:killed|dead|deaths?|fatalit(?:y|ies)|morts?|mortes?|mortos?|tues?|tuees?|deces|decedes?"
    r"|muert[oa]s?|fallecid[oa]s?|obitos?|قتلي|قتيل|قتيلا|قتلى|وفيات|شهداء|погибших|убитых|olu"
    r"|tewas|vifo|mouri)"
)
_WOUNDED = (
    r"(?:persons? |people |personnes? |personas |pessoas )?"
    r"(?:injured|wounded|hurt|wia|blesses?|blessees?|herid[oa]s?|lesionad[oa]s?|ferid[oa]s?|جرحي|جرحى|جريح|"
    r"раненых|yarali|majeruhi|blese)(?: ?\((?:s|e|es|e\(s\))\))?"
)
_HARMED = r"(?:casualties|victims?|victimes?|victimas?|vitimas?|ضحايا|пострадавших)"
_OF_WHOM = (
    r"(?:dont|y compris|parmi lesquels|including|incl\.?|of (?:whom|which|them)|incluyendo"
    r"|incluid[oa]s|de (?:los|las) cuales|entre (?:ellos|ellas)|incluindo|d[oa]s quais|davon"
    r"|(?:من )?بينهم|منهم|в том числе|из них)"
)
_NOT_DEAD = (
    r"(?!.*(?:injur|wounded|hurt|bless|herid|lesion|ferid|جرح|جريح|ранен|yaral|kidnap|abduct|enlev"
    r"|secuestr|sequestr|missing|disparu|desaparec|arrest|detain|captur|rescue|surviv))"
)
"""What follows counts some who are not dead, so that the number before is none of dead."""
_N = r"(\d{1,7}|[^\W\d_]+)"
_PATTERNS = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (rf"{_N} {_DEAD}(?: ?\((?:s|e|es|e\(s\))\))?", "exact"),
        (rf"{_N} ?(?:persons?|people|personnes?|personas?|pessoas?|pers|чел|человека?|ос|особ[аи]"
         r"|осіб|شخص|اشخاص|نفر|orang|kisi|watu|moun)", "exact"),
        (rf"{_N.replace('(', '(?:', 1)} {_WOUNDED}(?: ?[,;/+&]| (?:et|and|y|e|و))? ?و?{_N} {_DEAD}",
         "about"),
        (rf"(?:no|sans|pas de|aucune?|ningun[oa]?|nenhuma?|sin|sem|لا) (?:{_DEAD}|{_HARMED})",
         "none"),
        (rf"(?:between |from |entre |de |من |от )?{_N}"
         rf"(?: ?- ?| (?:to|a|et|and|y|e|ou|or|o|до|الي) ){_N}(?: {_DEAD})?", "range"),
        (rf"(?:>=|≥|at least|minimum|min\.?|au moins|au minimum|al menos|por lo menos|pelo menos"
         rf"|ao menos|no minimo|ما لا يقل عن|علي الاقل|не менее|en az|angalau|omwen) ?{_N}"
         rf"(?: {_DEAD})?", "least"),
        (rf"{_N} ?(?:\+|and more|or more|ou plus|et plus|o mas|ou mais)(?: {_DEAD})?", "least"),
        (rf"(?:>|more than|over|above|plus de|mas de|mais de|اكثر من|более) ?{_N}(?: {_DEAD})?",
         "more"),
        (rf"(?:~|≈|±|\+ ?/ ?-|about|approx\.?|approximately|around|circa|ca?\.?|environ|env\.?|vers"
         rf"|unos|unas"
         rf"|alrededor de|aproximadamente|cerca de|aprox\.?|por volta de|حوالي|نحو|около|примерно)"
         rf" ?(?:an? |une? |una |uma )?{_N}(?: {_DEAD})?", "about"),
        (rf"{_N} ?(?:\(\?\)|\?+|\*+|\[\d{{1,2}}\]|\((?:approx|environ|est)\.?\))", "about"),
        (rf"(?:an? |une? |la |una |uma )?({'|'.join(_DOZENS)})(?: (?:of|de) .{{1,20}})?", "about"),
        (rf"{_N} {_DEAD}\b.{{1,60}}", "about"),
        # What follows says of whom, or how sure it is, and no second count.
        (rf"{_N} ?\({_NOT_DEAD}[^()\d+]{{1,60}}\)", "about"),
        (rf"{_N} ?[,;(]? ?{_NOT_DEAD}{_OF_WHOM} .{{1,60}}", "about"),
        (rf"{_N} {_NOT_DEAD}[^\W\d_]{{3,20}}(?: [^\W\d_]{{3,20}})? {_DEAD}", "about"),
    )
)  # fmt: skip


def written_count(text: str) -> Written | None:
    """Read a count of deaths that is not written as one whole number.

    Args:
        text: the cell, such as '5-10', 'au moins 3', 'une dizaine', '3 dead' or 'three'.

    Returns:
        Its bounds: the least that it says is the best where it names a range or 'at least', the
        number itself where it says 'about'. None where it tells no number, such as 'dozens',
        'less than 5', 'see notes' or '3/5'.

    >>> written_count("5-10"), written_count("au moins 3").low, written_count("three").exact
    (Written(low=5, best=5, high=10, exact=False), 3, True)
    >>> written_count(">20").best, written_count("une dizaine").best, written_count("nil").best
    (21, 10, 0)
    >>> [written_count(one).best for one in ("7 (à confirmer)", "15 dont 6 soldats", "± 12")]
    [7, 15, 12]
    >>> written_count("4 чел.").best, written_count("12 personnes").exact
    (4, True)
    >>> written_count("dozens"), written_count("3/5"), written_count("10-5"), written_count("<5")
    (None, None, None, None)
    """
    if len(text) > 100:
        return None
    plain = plain_digits(TEXTS.fold(text))
    plain = re.sub(r"[–—−‑]", "-", re.sub(r"\s+", " ", plain)).strip(" .;,")
    if (number := _NUMBERS.get(plain)) is not None:
        return Written(number, number, number, exact=True)
    for pattern, kind in _PATTERNS:
        found = pattern.fullmatch(plain)
        told = [_number(one) for one in found.groups()] if found else []
        if found and None not in told:
            return _bounds_of(kind, [one for one in told if one is not None])
    return None


def names_dead(text: str) -> bool:
    """Tell whether a cell names the dead beside a number, or beside 'several' and its like.

    >>> names_dead("3 morts, 5 blessés"), names_dead("plusieurs tués"), names_dead("5 blessés")
    (True, True, False)
    """
    return len(text) <= 100 and bool(_NAMES_DEAD.search(TEXTS.fold(text)))


_NAMES_DEAD = re.compile(
    rf"(?:\d|several|many|dozens|plusieurs|dizaines|vari[oa]s|decenas|dezenas|عشرات) ?{_DEAD}\b"
)


def _bounds_of(kind: str, told: list[int]) -> Written | None:
    first = told[0] if told else 0
    if kind in ("exact", "none"):
        return Written(first, first, first, exact=True)
    if kind == "range":
        return Written(first, first, told[1], exact=False) if first < told[1] else None
    first += kind == "more"
    return Written(first, first, first, exact=False)


def _number(word: str) -> int | None:
    return int(word) if word.isdecimal() else _NUMBERS.get(word, _DOZENS.get(word))
