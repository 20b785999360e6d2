"""Parties to an event, as sources name them: organisations, or nobody that is known."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from tocsin.observe.checks.values import check_name
from tocsin.observe.formats.limits import MAX_NAME
from tocsin.schema.geography.territory import Territory, resolve
from tocsin.schema.vocabulary.folding import fold_in_place
from tocsin.schema.vocabulary.placeholder import is_placeholder

_NOBODY = re.compile(
    r"(?:unidentified|unknown|unaffiliated individual|not available|not attributed|undisclosed"
    r"|none|n/?a|various|-+|\?+)(?:$|[\s(\-:,/].*|s?\(s\).*|s$)",
    re.IGNORECASE | re.DOTALL,
)
_UNKNOWN = (
    "unknown unidentified unnamed undetermined inconnu inconnus inconnue inconnues desconocido "
    "desconocidos desconocida desconocidas anonyme anonymes مجهول مجهولة مجهولين مجهولون"
)
_NOT = "non no pas sin not"
_NAMED = (
    "identifie identifies identifiee identifiees identificado identificados identificada "
    "identificadas identificar identified determine precise precises"
)
_ANYBODY = (
    "a an the of le la les l un une des du de d et ou el los las una unos unas y o en "
    "armed group groups men man gunman gunmen assailant assailants attacker attackers perpetrator "
    "perpetrators individual individuals person persons people actor actors militant militants "
    "bandit bandits militia militias force forces faction element elements organisation "
    "organization party side author authors suspect suspects "
    "groupe groupes arme armes armee armees homme hommes individu individus personne personnes "
    "acteur acteurs auteur auteurs milice milices bande bandes porteurs etatique etatiques "
    "grupo grupos armado armados armada armadas hombre hombres individuo individuos sujeto sujetos "
    "persona personas atacante atacantes autor autores banda "
    "مسلح مسلحين مسلحون مسلحو مجموعة مسلحة جماعة عناصر رجال"
)
"""Words of which a name that nobody has is made, in four languages, without accents."""
_PEOPLE = (
    "men man gunman gunmen assailant assailants attacker attackers perpetrator perpetrators "
    "individual individuals person persons people "
    "homme hommes individu individus personne personnes assaillant assaillants agresseur "
    "agresseurs hombre hombres individuo individuos sujeto sujetos persona personas atacante "
    "atacantes مسلح مسلحين مسلحون"
)
"""People of whom no more is said. 'Armed group', 'rebels' and 'bandits' may be what an office calls
one that it knows, and 'armée' is an army."""
_BESIDE = "the le la les l un une des el los las unos unas armed arme armes armado armados رجال"
"""Words that may stand beside them."""
_SHORT = frozenset(("GANI", "HANI", "IANI", "UAG", "UGM"))
"""Groupe armé, hommes, individus armés non identifiés; unknown armed group, unknown gunmen."""
_WORDS_OF_PEOPLE = frozenset(_PEOPLE.split())
_WORDS_WITH_PEOPLE = frozenset(f"{_PEOPLE} {_BESIDE}".split())
_WORDS_OF_NOBODY = frozenset(f"{_UNKNOWN} {_NOT} {_NAMED} {_ANYBODY}".split())


def _is_nobody(name: str) -> bool:
    """Unknown by one word of it, and by the others no more than somebody with a weapon."""
    if _NOBODY.fullmatch(name) or is_placeholder(name) or name in _SHORT:
        return True
    bare = re.sub(
        r"\(.*?\)", lambda inner: inner[0] if _is_unknown(_words(inner[0])) else " ", name
    )
    words = _words(bare)
    if not _WORDS_OF_PEOPLE.isdisjoint(words) and _WORDS_WITH_PEOPLE.issuperset(words):
        return True
    return _is_unknown(words) and all(word in _WORDS_OF_NOBODY for word in words)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", fold_in_place(text).casefold())


def _is_unknown(words: Sequence[str]) -> bool:
    """Does one of the words say 'unknown', or two together 'not identified'?"""
    return any(word in _UNKNOWN.split() for word in words) or any(
        one in _NOT.split() and word in _NAMED.split() for one, word in itertools.pairwise(words)
    )


def organisation(name: str | None, column: str = "") -> str | None:
    """Return the name of an organisation, or None where the name says that nobody is known.

    Args:
        name: the name as the source gives it; may be empty.
        column: the heading that it came from, for the refusal.

    Returns:
        The name as given; None for an empty name or a placeholder.

    Raises:
        Refused: the name hides or disguises characters (`tocsin.observe.formats.characters`).

    >>> organisation("Unidentified Armed Group (Mali)") is None
    True
    >>> organisation("Unknown") is None
    True
    >>> organisation("JNIM")
    'JNIM'
    """
    cleaned = (name or "").strip()
    if len(cleaned) <= MAX_NAME and (not cleaned or _is_nobody(cleaned)):
        return None
    check_name(cleaned, column)
    return cleaned


def government(unit: Territory) -> str:
    """Name a state as a party, as UCDP names it, so that sources meet.

    Args:
        unit: the territory. A part that is counted under a state is not ruled by it: it keeps its
            own name.

    Returns:
        The name.

    >>> from tocsin.schema.geography.territory import resolve
    >>> government(resolve("Syria")), government(resolve("Gaza"))
    ('Government of Syria', 'Government of Palestine')
    """
    own = unit.part if unit.part and resolve(unit.part).part else None
    return f"Government of {own or unit.name}"
