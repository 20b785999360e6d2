"""Names of states as they are spelt: with their style ('Republic of', 'Royaume du'), loosely, or
otherwise than here.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

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
    "فلسطين": "Palestine", "الأراضي الفلسطينية": "Palestine", "دولة فلسطين": "Palestine",
    "الأراضي الفلسطينية المحتلة": "Palestine", "Occupied Palestinian territories": "Palestine",
    "Palestinian Territory": "Palestine", "Palestine, Occupied": "Palestine",
    "Palestinian Authority": "Palestine", "Territoire palestinien occupé": "Palestine",
    "Territoires palestiniens occupés": "Palestine", "Territorio Palestino Ocupado": "Palestine",
    "Territorios Palestinos Ocupados": "Palestine", "Gaza/West Bank": "Palestine",
    "West Bank/Gaza": "Palestine", "Gaza and the West Bank": "Palestine",
    "East Jerusalem": "Palestine", "Jérusalem-Est": "Palestine", "القدس الشرقية": "Palestine",
    "SADR": "Western Sahara", "Sahrawi Arab Democratic Republic": "Western Sahara",
    "RASD": "Western Sahara", "Sahara Occ.": "Western Sahara", "أرض الصومال": "Somaliland",
    "صوماليلاند": "Somaliland", "Somalilandia": "Somaliland", "Chypre du Nord": "Northern Cyprus",
    "Chipre del Norte": "Northern Cyprus", "Cyprus (North)": "Northern Cyprus",
    "TRNC": "Northern Cyprus", "Turkish Republic of Northern Cyprus": "Northern Cyprus",
    "Kosovo (UNSCR 1244)": "Kosovo", "Kosovo (under UNSCR 1244)": "Kosovo",
    "Kosovo under UNSCR 1244": "Kosovo", "Kosovo (UNSC 1244)": "Kosovo",
    "Kosovo (UNSCR 1244/99)": "Kosovo", "Taiwan (ROC)": "Taiwan", "Taiwan, ROC": "Taiwan",
    "Taiwan (Republic of China)": "Taiwan", "Republic of China (Taiwan)": "Taiwan",
    "Falklands": "Falkland Islands",
    "Micronesia (Fed. States of)": "Micronesia", "Saint-Vincent": "St. Vincent and the Grenadines",
}  # fmt: skip
"""Forms of V-Dem, the World Bank and ISO, and usual ones in French and Spanish, that differ from a
name of ours by more than signs, articles and short forms."""


GROUND = {
    "Crimea": (
        "Ukraine",
        "Autonomous Republic of Crimea|Republic of Crimea|Sevastopol|Crimée|Крым|Крим|القرم"
        "|شبه جزيرة القرم",
    ),
    "Abkhazia": ("Georgia", "Republic of Abkhazia|Abkhazie|Abjasia|Абхазия|أبخازيا"),
    "South Ossetia": (
        "Georgia",
        "Republic of South Ossetia|Ossétie du Sud|Osetia del Sur|Южная Осетия|أوسيتيا الجنوبية",
    ),
    "Nagorno-Karabakh": (
        "Azerbaijan",
        "Nagorno Karabakh|Nagorny Karabakh|Mountainous Karabakh|Karabakh|Haut-Karabakh"
        "|Haut-Karabagh|Alto Karabaj|Nagorno-Karabaj|Artsakh|Republic of Artsakh"
        "|Нагорный \u041a\u0430\u0440\u0430\u0431\u0430\u0445|ناغورني قره باغ|قره باغ",
    ),
    "Transnistria": (
        "Moldova",
        "Transdniestria|Trans-Dniester|Pridnestrovie|Transnistrie|Transnistrien|Приднестровье"
        "|ترانسنيستريا",
    ),
}
"""Ground that a file may name in the place of a state, with the state under which UCDP counts what
happens there, and other names of it. It says nothing on the status of the ground. These are no
names of states: whoever rules there is no government of the state, and may fight it."""


@cache
def _grounds() -> dict[str, tuple[str, str]]:
    return {
        loose(one): (name, state)
        for name, (state, others) in GROUND.items()
        for one in (name, *others.split("|"))
    }


@lru_cache(maxsize=10_000)
def ground(name: str) -> tuple[str, str] | None:
    """Find the ground that a name means, and the state under which it is counted.

    Args:
        name: as it stands in a table; the state may stand beside it ('Crimea, Ukraine').

    Returns:
        The name of the ground and that of the state; None where it is no such ground.

    >>> ground("Haut-Karabakh"), ground("Georgia (Abkhazia)"), ground("Georgia")
    (('Nagorno-Karabakh', 'Azerbaijan'), ('Abkhazia', 'Georgia'), None)
    """
    whole = _grounds().get(loose(name))
    parts = re.fullmatch(r"([^(),/]{2,80})\s*[(,/]\s*([^(),/]{2,80})\)?", name.strip())
    if whole or parts is None:
        return whole
    one, other = (loose(part) for part in parts.groups())
    for here, beside in ((one, other), (other, one)):
        found = _grounds().get(here)
        if found and beside == loose(found[1]):
            return found
    return None
