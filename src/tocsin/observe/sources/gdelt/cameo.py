"""CAMEO, the coding of events and actors that GDELT uses, as far as tocsin needs it.

Schrodt (2012), CAMEO Conflict and Mediation Event Observations: Event and Actor Codebook,
version 1.1b3, Pennsylvania State University. The words for codes are ours.

Names that GDELT gives to actors are never read: they may be those of persons. A name is made
here from the codes alone, which mark countries, groups and roles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tocsin.schema.geography.territory import UnknownTerritory, by_iso

EVENTS = {
    "145": "violent protest", "1451": "violent protest for a change of leadership",
    "1452": "violent protest for a change of policy", "1453": "violent protest for rights",
    "1454": "violent protest for a change of institutions",
    "171": "property seized or damaged", "1711": "property confiscated",
    "1712": "property destroyed", "175": "violent repression", "176": "cyber attack",
    "180": "unconventional violence", "181": "abduction, hijacking or hostage taking",
    "182": "physical assault", "1821": "sexual assault", "1822": "torture",
    "1823": "killing by physical assault", "183": "bombing by other than the military",
    "1831": "suicide bombing", "1832": "vehicle bombing", "1833": "roadside bombing",
    "1834": "bombing of a place", "184": "human shields", "185": "attempted assassination",
    "186": "assassination", "190": "conventional military force",
    "191": "blockade or restricted movement", "192": "occupation of territory",
    "193": "fighting with small arms and light weapons",
    "194": "fighting with artillery and tanks", "195": "aerial weapons",
    "1951": "precision-guided aerial munitions", "1952": "remotely piloted aerial munitions",
    "196": "ceasefire violated", "200": "unconventional mass violence", "201": "mass expulsion",
    "202": "mass killing", "203": "ethnic cleansing", "204": "weapons of mass destruction",
    "2041": "chemical, biological or radiological weapons", "2042": "nuclear weapons",
}  # fmt: skip
"""Event codes that become reports: material conflict that harms, with our words for each."""
SCOPE = ("145", "171", "175", "176", "18", "19", "20")
"""What these codes begin with. A code that does, but is not in `EVENTS`, is refused."""
ON_CIVILIANS = ("175", "18", "19", "20")
"""Events that are one-sided violence where the target is not armed."""

ROLES = {
    "GOV": "government", "JUD": "judiciary", "LEG": "legislature", "MIL": "military",
    "COP": "police", "SPY": "intelligence service", "REB": "rebels", "INS": "insurgents",
    "SEP": "separatists", "UAF": "unaligned armed group", "IMG": "international armed group",
    "CRM": "criminal group", "RAD": "radicals", "MOD": "moderates", "OPP": "opposition",
    "PTY": "party", "ELI": "elites", "CVL": "civilians", "REF": "refugees", "SET": "settlers",
    "LAB": "workers", "AGR": "farming", "BUS": "business", "MNC": "multinational company",
    "MED": "media", "EDU": "education", "HLH": "health", "HRI": "human rights group",
    "ENV": "environmental group", "DEV": "development group", "REL": "religious group",
    "NGO": "non-governmental organisation", "NGM": "non-governmental movement",
    "IGO": "intergovernmental organisation", "INT": "international actor",
    "UIS": "unidentified state", "PKO": "peacekeepers", "UNO": "United Nations",
    "IRC": "Red Cross", "AMN": "Amnesty International", "GRP": "Greenpeace", "WST": "the West",
    "MKT": "markets", "KID": "UNICEF", "HCR": "UNHCR", "SCI": "science", "PRS": "press",
}  # fmt: skip
"""Type codes and the words for them."""
_TARGETS = {
    "GOV": "government", "JUD": "government", "LEG": "government", "MIL": "security forces",
    "COP": "security forces", "SPY": "security forces", "PKO": "security forces",
    "REB": "armed group", "INS": "armed group", "SEP": "armed group", "UAF": "armed group",
    "IMG": "armed group", "CRM": "armed group", "CVL": "civilians", "REF": "civilians",
    "LAB": "civilians", "AGR": "business", "BUS": "business", "MNC": "business",
    "MED": "media", "EDU": "education", "HLH": "health",
}  # fmt: skip
UNARMED = ("civilians", "business", "media", "education", "health")
STATE = ("government", "security forces")

GROUPS = {
    "AAM": "Al-Aqsa Martyrs' Brigades", "ALQ": "Al-Qaeda", "AML": "Amal",
    "ANO": "Abu Nidal Organisation", "ASL": "South Lebanon Army",
    "DFL": "Democratic Front for the Liberation of Palestine", "FIS": "Islamic Salvation Army",
    "GIA": "Armed Islamic Group", "GSP": "Salafist Group for Preaching and Combat",
    "HEZ": "Hezbollah", "HMS": "Hamas", "ISJ": "Palestinian Islamic Jihad",
    "PFL": "Popular Front for the Liberation of Palestine",
    "PLF": "Palestine Liberation Front", "PLS": "Polisario", "PMD": "People's Mujahedin",
    "TAL": "Taliban", "KDP": "Kurdistan Democratic Party", "FTA": "Fatah",
    "PLO": "Palestine Liberation Organization", "MBR": "Muslim Brotherhood",
    "BTH": "Baath Party", "NAT": "NATO", "UNO": "United Nations", "EEC": "European Union",
    "OAU": "African Union", "ARL": "Arab League", "WAS": "ECOWAS", "IRC": "Red Cross",
    "RCR": "Red Crescent", "CRC": "Red Cross", "MSF": "Médecins sans Frontières",
}  # fmt: skip
"""Known groups; another code stands for itself."""
_ARMED_GROUPS = frozenset(list(GROUPS)[:18])

_COUNTRIES = {
    "ROM": "Romania", "TMP": "Timor-Leste", "WSB": "Palestine", "GZS": "Palestine",
    "ZAR": "DR Congo", "YUG": "Yugoslavia", "AFR": "Africa", "ASA": "Asia", "BLK": "Balkans",
    "CAU": "Caucasus", "CFR": "Central Africa", "CAS": "Central Asia", "CEU": "Central Europe",
    "CRB": "Caribbean", "EAF": "East Africa", "EEU": "Eastern Europe", "EUR": "Europe",
    "LAM": "Latin America", "MEA": "Middle East", "NAF": "North Africa", "NMR": "North America",
    "PGS": "Persian Gulf", "SAF": "Southern Africa", "SAM": "South America", "SAS": "South Asia",
    "SCN": "Scandinavia", "SEA": "South-East Asia", "WAF": "West Africa", "WST": "the West",
}  # fmt: skip
_RELIGIONS = {
    "MOS": "Muslims", "CHR": "Christians", "JEW": "Jews", "HIN": "Hindus", "BUD": "Buddhists",
    "SIK": "Sikhs", "CTH": "Catholics", "PRO": "Protestants", "SHI": "Shia Muslims",
    "SUN": "Sunni Muslims", "SFI": "Sufis", "ALE": "Alevis", "DRZ": "Druze",
}  # fmt: skip

_CODE = re.compile(r"(?:[A-Za-z]{3}){0,10}")


@dataclass(frozen=True)
class CodedActor:
    """An actor as its codes describe it, which is never a person."""

    code: str | None
    name: str | None
    target: str | None
    """What class of thing it is, in the words of `tocsin.schema.tables.observed.report.TARGETS`."""


@lru_cache(maxsize=65_536)
def coded_actor(codes: tuple[str, ...]) -> CodedActor:
    """Make the actor of one side, with a name made from its codes.

    Args:
        codes: in GDELT's order: actor, country, known group, ethnic group, two religions,
            three types; empty where there is none.

    Returns:
        The actor; its fields are None where the codes do not tell.

    Raises:
        ValueError: one of them is not made of three-letter codes.

    >>> coded_actor(("SYRREB", "SYR", "", "", "", "", "REB", "", "")).name
    'Syria: rebels'
    >>> coded_actor(("",) * 9).name is None
    True
    """
    for one in codes:
        if not _CODE.fullmatch(one):
            raise ValueError(one)
    code, country, group, ethnic, *kinds = codes
    religions, roles = kinds[:2], tuple(kinds[2:])
    whats = [
        *([GROUPS.get(group, group)] if group else []),
        *([f"ethnic group {ethnic}"] if ethnic else []),
        *(_RELIGIONS.get(one, f"religious group {one}") for one in religions if one),
        *(ROLES.get(one, one) for one in roles if one and one != group),
    ]
    where = [_country(country)] if country else []
    parts = [*where, ", ".join(whats)] if whats else where
    return CodedActor(code or None, ": ".join(parts) or code or None, _target(group, roles))


def _target(group: str, roles: tuple[str, ...]) -> str | None:
    if group in _ARMED_GROUPS:
        return "armed group"
    found = [_TARGETS[role] for role in roles if role in _TARGETS]
    if found:
        return found[0]
    return "other" if group or any(roles) else None


def _country(code: str) -> str:
    if code in _COUNTRIES:
        return _COUNTRIES[code]
    try:
        unit = by_iso(code)
    except UnknownTerritory:
        return code
    return unit.part or unit.name


def event_type(event: str, side_a: str | None, side_b: str | None) -> str:
    """Return UCDP's type of violence, where the two sides show it.

    Args:
        event: the CAMEO code.
        side_a: the class of the first side (see `TARGETS` in the schema), or None.
        side_b: the class of the second side, or None.

    Returns:
        One of `EVENT_TYPES`; 'other' where the sides do not show which.

    >>> event_type("190", "security forces", "armed group")
    'state-based'
    >>> event_type("183", "armed group", "civilians"), event_type("190", None, None)
    ('one-sided', 'other')
    """
    armed_a, armed_b = (side in STATE or side == "armed group" for side in (side_a, side_b))
    if armed_a and side_b in UNARMED and event.startswith(ON_CIVILIANS):
        return "one-sided"
    if armed_a and armed_b and event.startswith(("18", "19", "20")):
        return "state-based" if side_a in STATE or side_b in STATE else "non-state"
    return "other"
