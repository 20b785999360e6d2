"""Parties to an event, as sources name them: organisations, or nobody that is known."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.observe.checks.doubt import Doubt
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


_DOUBTED = (
    r"presum(?:ed|ably)|suspect(?:ed)?|alleged(?:ly)?|(?:proba|possi|plausi)bl[ey]|prob\.|likely|"
    r"supposed(?:ly)?|reportedly|apparently|perhaps|maybe|(?:un|not )confirmed|to be confirmed|tbc|"
    r"(?:believed|thought|said) to be|"
    r"(?:presum|suppos|soupconn|pretend)ee?s?|(?:proba|possi)bles?|suspectes?|"
    r"(?:probable|possible|apparem|vraisemblable)ment|peut-etre|non confirmee?s?|"
    r"(?:presunt|supuest|supost|presumid)[oa]s?|posibles?|(?:prov|poss)[ai]ve(?:l|is)|"
    r"(?:presunta|supuesta|probable|posible|suposta|provavel|possivel)mente|quizas?|tal ?vez|"
    r"(?:a|por|sin) confirmar|a confirmer|nao confirmad[oa]s?|"
    r"(?:ال)?مشتبه(?: (?:به|بهم|بها|في|بانه|بانهم))?|يشتبه(?: (?:به|بهم|في))?|"
    r"(?:ال)?(?:محتمل|مفترض|مزعوم)(?:ة|ون|ين)?|غير م[ؤو]كدة?|ربما"
)
"""Words by which a source only suspects a party, in five languages, without accents."""
_DOUBT = re.compile(rf"[(\[]?(?:{_DOUBTED})[)\]]?", re.IGNORECASE)
_HEDGE = re.compile(
    rf"(?:(?:{_DOUBTED})(?:\s*:\s*|\s+)|[(\[]\s*(?:{_DOUBTED}|[?؟]+)\s*[)\]]\s*|[?؟]+\s*)(?P<after>.+)|"
    rf"(?P<before>.*?\S)(?:(?:\s+[-–]\s*|\s*[(\[,;:،]\s*|\s+)(?:{_DOUBTED})\s*[)\]]?|"
    r"\s*[(\[]?\s*[?؟]+\s*[)\]]?)",
    re.DOTALL | re.IGNORECASE,
)
_MEMBERS = re.compile(
    r"(?:(?:the|los|las|les|des) )?(?:members|fighters|elements|membres|combattants|miembros|"
    r"integrantes|combatientes|membros|elementos)"
    r" (?:of|de|du|des|del|da|do)(?: (?:the|la|las|los|el))? (?:l['’])?(?P<whose>.+)|"
    r"عناصر (?:من )?(?P<theirs>.+)",
    re.DOTALL | re.IGNORECASE,
)
_EITHER = re.compile(r",?\s+(?:and/or|et/ou|y/o|e/ou|or|ou bien|ou|o|أو|أم)\s+")
"""A word between parties of whom it was one; in small letters, as 'OR' may be initials."""
_ONE_OF = re.compile(r"(?:either|soit|إما)\s+", re.IGNORECASE)


def _is_nobody(name: str) -> bool:
    """Unknown by one word of it, and by the others no more than somebody with a weapon."""
    if _DOUBT.fullmatch(fold_in_place(name)):
        return True
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


def suspects(name: str | None, column: str = "") -> tuple[str, ...]:
    """List the organisations that a cell only suspects: with a word of doubt, or as one of several.

    Args:
        name: the name as the source gives it; may be empty.
        column: the heading that it came from, for the refusal.

    Returns:
        Their names without the words of doubt; none where the cell suspects nobody.

    Raises:
        Refused: as `organisation`.

    >>> suspects("Hill Front (presumed)"), suspects("ADF ou Maï-Maï"), suspects("JNIM")
    (('Hill Front',), ('ADF', 'Maï-Maï'), ())
    """
    cleaned = (name or "").strip()
    if len(cleaned) > MAX_NAME:
        return ()
    parts = _EITHER.split(_ONE_OF.sub("", cleaned, count=1))
    if len(parts) > 1 and not all(_is_nobody(part) or _is_named(_bare(part)) for part in parts):
        parts = [cleaned]
    bare = [_bare(part) for part in parts]
    if bare == [cleaned]:
        return ()
    told = (organisation(part, column) for part in bare)
    return tuple(dict.fromkeys(one for one in told if one))


@dataclass(frozen=True)
class Side:
    """Who was on one side of an event, as far as a source's own text tells it."""

    name: str | None
    suspects: tuple[str, ...]
    """Those that it only suspects."""
    doubts: tuple[Doubt, ...]


def read_side(fields: Mapping[str, str], field: str) -> Side:
    """Read the text in which a log or a form names one side.

    Args:
        fields: the row's texts, by field.
        field: the side's.

    Returns:
        The organisation that is named. One that is only suspected is named with a doubt; where it
        was one of several, nobody is.

    Raises:
        Refused: as `organisation`.

    >>> read_side({"actor_a": "Hill Front?"}, "actor_a").name
    'Hill Front'
    >>> read_side({"actor_a": "ADF or Mai-Mai"}, "actor_a").name is None
    True
    """
    text = (fields.get(field) or "").strip()
    found = suspects(text, field)
    if not found:
        name = organisation(text, field)
        return Side(name if name and not _is_nobody(_bare(name)) else None, (), ())
    name = found[0] if len(found) == 1 else None
    reason = f"'{field}' is only suspected."
    if name is None:
        reason = f"'{field}' was one of {len(found)}, and is left open."
    return Side(name, found, (Doubt(field, text, name, "party", reason),))


_AGAINST = re.compile(r"(?P<one>.+?)\s+(?:[Vv][Ss]\.?|v\.|[Vv]ersus)\s+(?P<other>.+)", re.DOTALL)
"""Both sides in one cell, as logs write them; 'against' and 'contre' stand in names."""


def read_sides(fields: Mapping[str, str]) -> tuple[Side, Side]:
    """Read both sides of a log or a form, which may stand in one cell: 'herders vs farmers'.

    Args:
        fields: the row's texts, by field.

    Returns:
        The first side and the second.

    Raises:
        Refused: as `organisation`.

    >>> [side.name for side in read_sides({"actor_a": "herders vs. farmers"})]
    ['herders', 'farmers']
    """
    told = {field: (fields.get(field) or "").strip() for field in ("actor_a", "actor_b")}
    cells = {cell for cell in told.values() if cell}
    found = _AGAINST.fullmatch(next(iter(cells))) if len(cells) == 1 else None
    if found and not any(_AGAINST.fullmatch(part) for part in found.groups()):
        told = {"actor_a": found["one"], "actor_b": found["other"]}
    return read_side(told, "actor_a"), read_side(told, "actor_b")


def accusations(
    side: Side, report_id: str, source: str, by: str | None = None
) -> list[dict[str, Any]]:
    """Make the rows of the table `claims` for those whom a report suspects.

    Args:
        side: whom it suspects.
        report_id: the report's id.
        source: the name of its data set.
        by: the organisation that says so, where it is known.

    Returns:
        A row for each, in its order.
    """
    row = {"report_id": report_id, "stance": "accused", "said_by": by, "source": source}
    return [row | {"actor": one} for one in side.suspects]


def _bare(name: str) -> str:
    """The name without the words of doubt around it; as it is, where it has none."""
    bare = name
    while found := _HEDGE.fullmatch(fold_in_place(bare)):
        start, end = found.span("after" if found["after"] else "before")
        bare = bare[start:end].strip(" ,:;-–")
        whose = _MEMBERS.fullmatch(fold_in_place(bare))
        bare = bare[slice(*whose.span(whose.lastgroup or 0))] if whose else bare
    return bare


def _is_named(part: str) -> bool:
    """Does it begin as a name does? What follows an 'or' may be the rest of one name."""
    return part[:1].isupper() or (part[:1].isalnum() and part == part.upper()) or " " not in part


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
