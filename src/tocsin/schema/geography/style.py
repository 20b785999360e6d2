"""Names of states as they are spelt: with their style ('Republic of', 'Royaume du'), loosely, or
otherwise than here.
"""

from __future__ import annotations

import re

from tocsin.schema.vocabulary.folding import LINKED_NAMES

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


def loose(name: str) -> str:
    """Write a name without articles and signs, its short forms written out.

    Args:
        name: as it stands in a table.

    >>> loose("Gambia (the)") == loose("The Gambia"), loose("Somalia, Fed. Rep.")
    (True, 'somalia federal republic')
    """
    # 'd'Ivoire' is one word with and without its apostrophe, and a hyphen is a space.
    bare = _ARTICLE_BEHIND.sub("", name.replace("&", " and "))
    words = LINKED_NAMES.fold(bare).split()
    return " ".join(SHORT.get(word, word) for word in words if word not in ("the", "of"))


_ARTICLE_BEHIND = re.compile(r"\s*\((?:le|la|les|l['’]|el|los|las|o|a|os|as)\)\s*$", re.IGNORECASE)
"""'Niger (le)', as official lists in French write it."""


def halves(name: str) -> tuple[str, str] | None:
    """Divide a name behind which another stands in brackets.

    >>> halves("Birmanie (Myanmar)"), halves("Mali")
    (('Birmanie', 'Myanmar'), None)
    """
    found = re.fullmatch(r"([^()]{2,80}) \(([^()]{2,80})\)", name.strip())
    return (found[1], found[2]) if found else None


SHORT = {
    "st": "saint", "dem": "democratic", "rep": "republic", "fed": "federal", "is": "islands",
    "ste": "sainte",
}  # fmt: skip
"""Short forms in names of states."""


OTHERWISE = {
    "Burma/Myanmar": "Myanmar", "Somalia, Federal Republic": "Somalia", "Macao SAR, China": "Macao",
    "Hong Kong SAR China": "Hong Kong", "Taiwan, China": "Taiwan",
    "Taiwan (Province of China)": "Taiwan", "Tanzania, United Republic": "Tanzania",
    "Congo (the Democratic Republic of the)": "DR Congo", "Congo, Republic": "Congo",
    "Palestinian Territory, Occupied": "Palestine", "State of Palestine": "Palestine",
    "OPT": "Palestine", "West Bank & Gaza": "Palestine", "Republic of Yemen": "Yemen",
    "Türkiye (Turkey)": "Turkey", "FYROM": "North Macedonia", "KSV": "Kosovo", "RKS": "Kosovo",
    "Republic of the Congo": "Congo", "Iran, Islamic Republic": "Iran",
    "Moldova, Republic": "Moldova", "Bolivia, Plurinational State": "Bolivia",
    "Venezuela, Bolivarian Republic": "Venezuela", "Micronesia, Federated States": "Micronesia",
    "Egypt, Arab Republic": "Egypt", "Gambia, Islamic Republic": "Gambia",
    "Korea, Republic": "South Korea", "Korea, Democratic People's Republic": "North Korea",
    "Lao People's Democratic Republic": "Laos", "Lao PDR": "Laos",
    "RDC": "DR Congo", "RD Congo": "DR Congo", "République démocratique du Congo": "DR Congo",
    "República Democrática del Congo": "DR Congo", "République du Congo": "Congo",
    "RCA": "Central African Republic", "Centrafrique": "Central African Republic",
    "République du Mali": "Mali", "République du Niger": "Niger", "Burkina": "Burkina Faso",
    "Birmanie": "Myanmar", "Birmania": "Myanmar", "Timor oriental": "Timor-Leste",
    "Congo RDC": "DR Congo", "Congo (RDC)": "DR Congo", "Congo DRC": "DR Congo",
    "D.R. Congo": "DR Congo", "Rep. Dem. Congo": "DR Congo", "Rép. dém. Congo": "DR Congo",
    "Rép. dém. du Congo": "DR Congo", "República Democrática do Congo": "DR Congo",
    "الكونغو الديمقراطية": "DR Congo", "الكونغو الديموقراطية": "DR Congo",
    "Rép. du Congo": "Congo", "Rép. centrafricaine": "Central African Republic",
    "Rép. dominicaine": "Dominican Republic", "Rep. Dominicana": "Dominican Republic",
    "N. Korea": "North Korea", "S. Korea": "South Korea", "Guinée Conakry": "Guinea",
    "Guinea Conakry": "Guinea", "Bande de Gaza": "Palestine", "Cisjordanie": "Palestine",
    "Cisjordanie et Gaza": "Palestine", "Franja de Gaza": "Palestine", "قطاع غزة": "Palestine",
    "الضفة الغربية": "Palestine", "Cisjordania": "Palestine",
    "Micronesia (Fed. States of)": "Micronesia", "Saint-Vincent": "St. Vincent and the Grenadines",
}  # fmt: skip
"""Forms of V-Dem, the World Bank and ISO, and usual ones in French and Spanish, that differ from a
name of ours by more than signs, articles and short forms."""
