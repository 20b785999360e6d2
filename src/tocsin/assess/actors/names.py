"""Names of organisations: one folded form, and the other forms that may mean the same.

Pure text rules, so that attribution, reliability and the actor views agree on them. (Linkage
compares names letter by letter instead, see `linkage.names`.) Nothing here decides that two
organisations are one: a form carries a weight, and the caller weighs it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tocsin.assess.actors.states import BRACKETS, YEARS, government, named_state
from tocsin.schema.geography.territory import UnknownTerritory, by_gwno
from tocsin.schema.tables.observed.described import is_description
from tocsin.schema.vocabulary.folding import ARTICLE_WORDS, ARTICLES, ORGANISATIONS, acronym

NAME = 1.0
FULL_NAME = 0.95
WITHOUT_BRACKETS = 0.85
IN_BRACKETS = 0.6
ACRONYM = {2: 0.3, 3: 0.5}
"""Weight of initials by their number; four or more letters weigh `LONG_ACRONYM`."""
LONG_ACRONYM = 0.7

_WORDS = {
    "army": "jaysh jaish jeish jaych jays gaish armee ejercito army",
    "front": "jabhat jabhah jebhat jabha frente front",
    "brigade": "liwa liwaa liwaa' brigade brigades brigada brigadas kataib katibat katiba",
    "movement": "harakat harakah haraka mouvement movimiento movement",
    "party": "hizb hezb parti partido party",
    "legion": "faylaq failaq legion",
    "division": "firqat firqa division",
    "forces": "forces force fuerzas quwwat",
    "government": "government gouvernement gobierno hukumat",
    "islamic": "islamic islami islamiya islamiyya islamique islamico islamica",
    "state": "state etat estado dawla dawlat",
    "liberation": "liberation liberacion tahrir",
    "national": "national nationale nacional watani wataniya",
    "people": "people peoples peuple pueblo popular populaire shaab",
    "council": "council conseil consejo majlis",
    "organisation": "organisation organization tanzim organizacion",
    "revolutionary": "revolutionary revolutionnaire revolucionario revolucionaria thawri",
    "democratic": "democratic democratique democratico democratica",
}
_SAME_WORD = {form: word for word, forms in _WORDS.items() for form in forms.split()}
_BETWEEN = re.compile(r",(?![^()]*\))")
"""A comma between the members of a joint name, not one in brackets."""
_PLACEHOLDER = re.compile(
    r"(?i)^\W*$|\b(unidentified|unknown|unnamed|unclear|unattributed|unspecified|non identifie|"
    r"no identificad[oa]s?)\b|مجهول"
)


def plain(text: str) -> str:
    """Write a text in small letters without accents, Arabic letters as Latin ones, single spaces.

    >>> plain("  Séléka  حزب ")
    'seleka hzb'
    """
    return ORGANISATIONS.fold(text)


@lru_cache(maxsize=65_536)
def fold(name: str) -> str:
    """Return the form by which names of organisations are compared.

    Case, accents and articles do not matter; the order of words does. Words for the same thing in
    English, French, Spanish and transliterated Arabic become one; forces of a state become its
    government; years in brackets are dropped.

    >>> fold("Jaysh al-Islam") == fold("Jaish Al Islam")
    True
    >>> fold("Military Forces of Syria (2000-2024)")
    'government syria'
    """
    text = plain(YEARS.sub(" ", name))
    state = government(text)
    if state is not None:
        return state
    words = re.findall(r"\w+", text.replace("'", ""))
    kept = [_SAME_WORD.get(word, word) for word in words if word not in ARTICLES]
    return " ".join(kept or words)


def in_text(folded: str) -> str:
    """Write a pattern that finds a folded name in a text, with the articles and words it may have.

    Args:
        folded: of `fold`, or a key of `aliases`.

    Returns:
        A regular expression for a text without accents and in small letters.

    >>> bool(re.fullmatch(in_text(fold("Jaysh al-Islam")), "army of islam"))
    True
    >>> bool(re.fullmatch(in_text(fold("Lord's Resistance Army")), "lord's resistance army"))
    True
    >>> bool(re.fullmatch(in_text(fold("People's Council")), "people's council"))
    True
    """
    between = rf"\W+(?:(?:{'|'.join(ARTICLE_WORDS.split())})\W+)*"
    words = [
        "|".join(re.sub(r"s$", "[’'`]?s", re.escape(one)) for one in _WORDS.get(word, word).split())
        for word in folded.split()
    ]
    return between.join(f"(?:{word})" for word in words)


def skeleton(name: str) -> str:
    """Return the consonants of a name, for spellings that differ in vowels and doubled letters.

    Args:
        name: the name as a source writes it.

    Returns:
        Small Latin letters without spaces; one letter for consonants that sound alike.

    >>> skeleton("Hezbollah") == skeleton("Hizballah") == skeleton("حزب الله")
    True
    """
    text = re.sub(r"[^a-z0-9]", "", fold(name).replace("government ", ""))
    for spelling, sound in (("ck", "k"), ("q", "k"), ("c", "k"), ("dj", "j"), ("gu", "g")):
        text = text.replace(spelling, sound)
    text = re.sub(r"[aeiouyw]", "", text)
    return re.sub(r"(.)\1+", r"\1", text)


@lru_cache(maxsize=65_536)
def _aliases(name: str, full_name: str | None) -> tuple[tuple[str, float], ...]:
    found: dict[str, float] = {}
    if is_placeholder(name):
        return ()

    def add(form: str, weight: float) -> None:
        key = fold(form)
        if key and not is_placeholder(form):
            found[key] = max(weight, found.get(key, 0.0))

    for text, weight in ((name, NAME), (full_name, FULL_NAME)):
        if not text:
            continue
        add(text, weight)
        for inside in BRACKETS.findall(YEARS.sub(" ", text)):
            if not _is_place(inside):
                add(inside, weight * IN_BRACKETS)
        bare = BRACKETS.sub("", text).strip()
        add(bare, weight * WITHOUT_BRACKETS)
        for form in re.split(r"\s+/\s+|\s*;\s*|\s+aka\s+|\s+or\s+", bare):
            add(form, weight * WITHOUT_BRACKETS)
        letters = acronym(bare) if len(members(bare)) == 1 else ""
        if len(letters) >= 2:
            add(letters, weight * ACRONYM.get(len(letters), LONG_ACRONYM))
    return tuple(sorted(found.items()))


def aliases(name: str, full_name: str | None = None) -> dict[str, float]:
    """List the folded forms that may stand for an organisation, each with its weight.

    Args:
        name: the name as a source writes it.
        full_name: the name in full, if the source gives it.

    Returns:
        Folded form (see `fold`) to weight in (0, 1]: the name 1, the full name 0.95, without
        brackets 0.85, in brackets 0.6, initials 0.3 to 0.7. Empty for a placeholder such as
        'Unidentified armed group'.

    >>> sorted(aliases("FPRC", "Front Populaire pour la Renaissance de Centrafrique"))[0]
    'fprc'
    """
    return dict(_aliases(name, full_name))


def is_placeholder(name: str | None) -> bool:
    """Tell whether a 'name' says only that nobody was identified; no name at all says so, too.

    >>> is_placeholder("Unidentified Armed Group (Syria)"), is_placeholder("IS")
    (True, False)
    """
    return name is None or bool(_PLACEHOLDER.search(plain(name)) or _PLACEHOLDER.search(name))


@lru_cache(maxsize=20_000)
def name_in(name: str, gwno: int | None) -> str:
    """Write a name that is a description with the territory in which it is used.

    'Criminal gang' in two territories is not one organisation. Of a joint side the members that
    are descriptions are written so. Any other name stays as it is.

    Args:
        name: the name as a source writes it.
        gwno: the Gleditsch-Ward number of the territory; None where it is not known.

    >>> name_in("Criminal gang", 475), name_in("bandits (Nigeria)", 475), name_in("JNIM", 432)
    ('Criminal gang (Nigeria)', 'bandits (Nigeria)', 'JNIM')
    >>> name_in("JNIM, bandits", 432)
    'JNIM, bandits (Mali)'
    """
    if gwno is None:
        return name
    if not is_description(name):
        joint = members(name)
        vague = len(joint) > 1 and any(map(is_description, joint))
        return ", ".join(name_in(one, gwno) for one in joint) if vague else name
    if any(named_state(plain(one)) == gwno for one in BRACKETS.findall(name)):
        return name
    try:
        return f"{name} ({by_gwno(gwno).name})"
    except UnknownTerritory:
        return name


def members(name: str) -> list[str]:
    """Divide a joint name, as UCDP writes it, into its organisations; one name stays one.

    A comma in brackets divides nothing, and a dash neither: 'SLM/A - MM' is a faction of SLM/A.

    Returns:
        The names, in the order given.

    >>> members("Ahrar al-Sham, HTS, Southern Front")
    ['Ahrar al-Sham', 'HTS', 'Southern Front']
    >>> members("Military faction (forces of the north, and of the coast)")
    ['Military faction (forces of the north, and of the coast)']
    >>> members("JNIM and gunmen"), members("Group for Support of Islam and Muslims")
    (['JNIM', 'gunmen'], ['Group for Support of Islam and Muslims'])
    """
    parts = [part.strip() for part in _BETWEEN.split(name) if part.strip()]
    return [one for part in parts for one in _without_gunmen(part)] or [name]


_GUNMEN = (
    r"(?:(?:unidentified|unknown|other|armed|some|des|autres|otros) )*"
    r"(?:gunm[ae]n|bandits?|assailants?|attackers|armed (?:men|bandits|assailants)|militiamen|"
    r"hommes arm[ée]s|bandits arm[ée]s|assaillants|hombres armados|pistoleros|bandidos|"
    r"مسلحون|مسلحين)(?: (?:non identifi[ée]s|inconnus|desconocidos|مجهولون|مجهولين))?"
)
_BESIDE = r"\s+(?:and|et|y|with|avec|con|و)\s+"
_WITH_GUNMEN = re.compile(
    rf"(?P<one>.+?){_BESIDE}(?P<other>{_GUNMEN})|(?P<gunmen>{_GUNMEN}){_BESIDE}(?P<rest>.+)",
    re.IGNORECASE,
)
"""Beside an organisation; no name of one has such words behind its 'and'."""


def _without_gunmen(part: str) -> list[str]:
    found = _WITH_GUNMEN.fullmatch(part)
    return [one.strip() for one in found.groups() if one] if found else [part]


def _is_place(text: str) -> bool:
    """Brackets that only say where ('anti-Balaka (CAR)') name nobody."""
    return len(text) <= 3 or named_state(plain(text)) is not None
