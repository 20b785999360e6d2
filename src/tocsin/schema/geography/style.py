"""The style of a state in its official name: 'Republic of', 'Royaume du', 'República de'."""

from __future__ import annotations

import re

_ADJECTIVES = (
    "the|arab|bolivarian|cooperative|co-operative|democratic|federal|federated|federative|hashemite"
    "|islamic|oriental|socialist"
)
_STYLE = re.compile(
    rf"(?:(?:{_ADJECTIVES}) )*(?:republic|kingdom|sultanate|commonwealth|principality"
    r"|grand duchy) of (?:the )?(?:union of )?"
    r"|(?:(?:plurinational |independent )?state|union) of (?:the )?"
    r"|(?:republique|royaume|etat|sultanat|principaute)"
    r"(?: (?:federale|democratique|islamique|arabe|federative|unie))*"
    r" (?:de la |de l'|du |des |de |d')"
    r"|(?:republica|reino|estado)"
    r"(?: (?:bolivariana|federal|islamica|democratica|arabe|federativa))*"
    r" (?:del |de la |de los |de )"
    r"|(?:جمهورية|مملكة|دولة) "
)
"""An Islamic State and an Islamic Emirate are none of them: armed groups call themselves so."""
NOT_BARE = frozenset({"china", "vietnam", "viet nam", "korea", "congo", "germany"})
"""Names that are of one state with a style and of another with another or without."""


def bare_name(folded: str) -> str | None:
    """Take the style from the official name of a state.

    Args:
        folded: a name as `folding.TERRITORIES` folds it.

    Returns:
        The name without its style; None where it has none, or means another state without it.

    >>> bare_name("islamic republic of iran"), bare_name("royaume du maroc")
    ('iran', 'maroc')
    >>> bare_name("republic of china"), bare_name("mali")
    (None, None)
    """
    found = _STYLE.match(folded)
    if found is None:
        return None
    rest = folded[found.end() :]
    return rest if rest and rest not in NOT_BARE else None
