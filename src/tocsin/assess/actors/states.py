"""States among the sides: their governments, armies and police, and missions of several of them.

A log of one country writes 'Police nationale' or 'FDS', and its state stands in no cell beside. One
abbreviation may be a state's here and an organisation's there: FDS are Mozambique's forces, and in
Syria the SDF. So some names are told by the territory in which they act.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tocsin.schema.geography.adjectives import states_of
from tocsin.schema.geography.territory import UnknownTerritory, by_gwno, resolve
from tocsin.schema.vocabulary.folding import ORGANISATIONS

YEARS = re.compile(r"\(\s*\d{4}\s*-\s*(?:\d{4})?\s*\)")
"""From when to when, in brackets after a name."""
BRACKETS = re.compile(r"\s*\(([^()]*)\)")
_STATE = re.compile(
    r"^(?:the )?(?:government|military forces?|military|police forces?|police|armed forces?|"
    r"security forces?|state forces?|government forces?|forces?|army|regime|gouvernement|"
    r"forces armees|armee|gobierno|fuerzas armadas|ejercito|national (?:police|army)|"
    r"police nationale|gendarmerie(?: nationale)?|forces de (?:defense et de )?securite|"
    r"policia(?: nacional| militar| federal)?|guardia nacional|fuerzas de seguridad|"
    r"exercito|forcas armadas(?: de defesa)?|forcas? de defesa(?: e seguranca)?|"
    r"forcas de seguranca|forcas|tropas|troupes|troops|fuerzas|soldiers|soldats|soldados)"
    r"(?: of| de| du| des| d'| del| da| do| das| dos)"
    r"(?: (?:the|la|le|republica de) | l'| |)(?P<state>.+)$"
)
_STATE_FIRST = re.compile(
    r"^(?:the )?(?P<state>.+?)(?: people'?s)? (?:defen[cs]e forces?|armed forces|army|military|"
    r"(?:state )?security forces|government forces|government|(?:national )?police"
    r"(?: force| service)?)$"
)
"""'Rwanda Defence Force', 'Nigerian Army'. Not 'Libya National Army', which is no government's."""
_BODY_FIRST = re.compile(
    r"^(?:the |la |le |les |el |las |los |l')?(?P<body>armees?|forces armees|"
    r"forces de (?:defense et de )?securite|forces(?: de l'ordre| gouvernementales| speciales)?|"
    r"gouvernement|police|gendarmerie|garde|soldats|militaires|troupes|policiers|gendarmes|marine|"
    r"ejercito|fuerzas(?: armadas| militares| de seguridad)?|gobierno|"
    r"policia(?: federal| militar)?|"
    r"guardia|soldados|militares|tropas|exercito|forcas(?: armadas| de seguranca)?|governo|"
    r"(?:al)?jysh|(?:al)?qwat(?: almslha| almsltha| alhkwmya| alamn)?|(?:al)?shrta|aldrk|"
    r"(?:al)?hkwma|(?:al)?jnwd)(?P<national> nationale| nacional| alwtnya)? (?P<adjective>.+)$"
)
"""A body before an adjective, as French, Spanish, Portuguese and Arabic have it, as `plain` writes
it: 'forces armées maliennes', 'ejército colombiano', 'الجيش السوري'."""
_BODY_LAST = re.compile(
    r"^(?:the )?(?P<adjective>.+?)(?P<national> national)? (?P<body>army|military|armed forces|"
    r"(?:state )?security forces|government forces|defen[cs]e forces?|forces|troops|soldiers|"
    r"police(?: force| service)?|guard|navy|air force|government)$"
)
_ARMIES, _FORCES = ("army", "armee", "ejercito"), ("forces", "fuerzas", "alqwat", "qwat")
_NO_ARMY, _NO_FORCES = frozenset((620, 652)), frozenset((660,))
"""The Libyan and the Syrian National Army are organisations that fought their states, and the
Lebanese Forces are a party."""
_NAMES = (
    "police|national police|army|national army|armed forces|military|security forces|state forces|"
    "government forces|government|police nationale|gendarmerie|gendarmerie nationale|armée|"
    "armée nationale|forces armées|forces de l'ordre|forces de sécurité|"
    "forces de défense et de sécurité|gouvernement|policía|policía nacional|policía federal|"
    "policía militar|ejército|ejército nacional|fuerzas armadas|fuerza pública|"
    "fuerzas de seguridad|guardia nacional|gobierno|polícia|polícia nacional|polícia militar|"
    "exército|forças armadas|forças de defesa e segurança|forças de segurança|governo|"
    "الشرطة|الشرطة الوطنية|الجيش|الجيش الوطني|القوات المسلحة|قوات الأمن|الدرك|الحكومة|"
    "pnh|fardc|fama|faca|updf|kdf|fadm|prm|polisi|tentara|полиция|армия|jandarma|"
    "afp|pnp|cafgu|philippine army|philippine marines|philippine navy|philippine national police|"
    "soldiers|army soldiers|government soldiers|troops|government troops|military forces|"
    "police forces|police officers|policemen|riot police|border guards|border police|"
    "national guard|presidential guard|republican guard|prison guards|air force|navy|"
    "soldats|militaires|troupes|troupes gouvernementales|forces gouvernementales|"
    "forces loyalistes|policiers|gendarmes|garde nationale|garde présidentielle|"
    "garde républicaine|garde-frontières|marine nationale|armée de l'air|armée de terre|"
    "services de sécurité|soldados|militares|tropas|tropas del gobierno|policías|"
    "fuerzas gubernamentales|fuerzas militares|fuerza aérea|armada|policiais|"
    "جيش|شرطة|الجنود|جنود|عسكريون|القوات الحكومية|قوات الحكومة|قوات حكومية|قوات الجيش"
)
_BODIES = frozenset(map(ORGANISATIONS.fold, _NAMES.split("|")))
"""A state's own bodies as the log of one country calls them, without the state's name."""
_SHORT = {
    "pnh": 41, "fardc": 490, "fama": 432, "faca": 482, "updf": 500, "kdf": 501, "fadm": 541,
    "prm": 541, "afp": 840, "pnp": 840, "cafgu": 840, "philippine army": 840,
    "philippine marines": 840, "philippine navy": 840, "philippine national police": 840,
}  # fmt: skip
"""Short names that one state's body has, with the state's Gleditsch-Ward number."""
_SAHEL = (432, 433, 434, 435, 436, 437, 438, 439, 461, 471, 481, 482, 483, 484, 490, 516)
_LOCAL: dict[str, dict[int, int]] = {
    "fds": dict(zip(_SAHEL, _SAHEL, strict=True)) | {541: 541},
    "fdsm": {541: 541}, "forca local": {541: 541}, "forcas locais": {541: 541},
    "local force": {541: 541}, "local forces": {541: 541}, "milicia local": {541: 541},
    "rdf": {541: 517, 482: 517, 517: 517, 490: 517}, "saf": {625: 625}, "sspdf": {626: 626},
    "tatmadaw": {775: 775}, "endf": {530: 530}, "sna": {520: 520}, "isf": {645: 645},
    "bir": {471: 471}, "npf": {475: 475}, "nscdc": {475: 475}, "fan": {436: 436},
    "ant": {483: 483}, "saa": {652: 652}, "laf": {660: 660},
    "ansf": {700: 700}, "andsf": {700: 700}, "pnp": {135: 135},
}  # fmt: skip
"""Names that are a state's in some territories only: the territory, and whose they are there.

FDS are forces of defence and security in French and Portuguese, and the SDF in Syria; the SNA is
Somalia's army, and in Syria a coalition. Mozambique's Local Force is armed and led by its army."""
_MISSION_NAMES = (
    "samim|sadc mission in mozambique|sadc|samidrc|amisom|atmis|aussom|minusma|minusca|misca|monuc|"
    "monusco|unmiss|unamid|amis|unisfa|ecomog|mnjtf|multinational joint task force|g5 sahel|"
    "force conjointe du g5 sahel|isaf|kfor|unifil|minustah|mss|barkhane|takuba|serval|eacrf|"
    "multinational security support mission|eac regional force"
)
_MISSIONS = frozenset(_MISSION_NAMES.split("|"))
"""Missions that states send together, or one to another: no organisation, and no one state's."""
_KINDS = {
    "local force": re.compile(r"\b(?:forcas? loca(?:l|is)|local forces?|milicia local)$"),
    "police": re.compile(r"\b(?:polic|polis|полици|(?:al)?shrta|pnh$|prm$|pnp$)|national police$"),
    "gendarmerie": re.compile(r"\b(?:gendarm|jandarm|aldrk)"),
    "security forces": re.compile(
        r"\b(?:secur|segur|defesa e |alamn|fdsm?$|isf$|an(?:d)?sf$)|l'ordre"
    ),
    "army": re.compile(
        r"\b(?:army|arme|armad|milit|ejercito|exercito|tentara|арми|(?:al)?jysh|almslha)"
        r"|^(?:fardc|fama|faca|updf|kdf|fadm|afp|cafgu|rdf|saf|sspdf|tatmadaw|endf|sna|saa|laf|"
        r"philippine (?:marines|navy))$|defen[cs]e forces?$|^(?:forcas|tropas|troupes|troops) "
    ),
}
"""Which of a state's bodies a name means, as `plain` writes it; any other is the government."""


@lru_cache(maxsize=20_000)
def state_number(name: str, gwno: int | None = None) -> int | None:
    """Return the Gleditsch-Ward number of the state whose government or forces a name means.

    Args:
        name: the name as a source writes it.
        gwno: the territory in which it acts, for names that are a state's there only.

    Returns:
        The number; None where the name is no state's.

    >>> state_number("Police Forces of the Central African Republic"), state_number("IS")
    (482, None)
    >>> state_number("FDS", 541), state_number("FDS", 652), state_number("Forças do Ruanda")
    (541, None, 517)
    """
    text = ORGANISATIONS.fold(YEARS.sub(" ", name))
    local = _LOCAL.get(_bare(text), {})
    if gwno in local:
        return local[gwno]
    found = _STATE.match(text)
    number = _ruling_state(found["state"]) if found else None
    if number is None and (first := _STATE_FIRST.match(text)):
        number = _ruling_state(first["state"])
    return number or _by_adjective(text, gwno)


def _by_adjective(text: str, gwno: int | None) -> int | None:
    """The state of 'Nigerian army' and 'armée nigériane'; a word of two is that of where it acts.

    The Indonesian People's Army fought Indonesia's army: 'people' is in no adjective.
    """
    for found in (_BODY_LAST.match(text), _BODY_FIRST.match(text)):
        states = states_of(found["adjective"]) if found else frozenset()
        number = next(iter(states)) if len(states) == 1 else gwno if gwno in states else None
        if found is None or number is None:
            continue
        if found["national"] and found["body"] in _ARMIES and number in _NO_ARMY:
            return None
        return None if found["body"] in _FORCES and number in _NO_FORCES else number
    return None


def acting_state(name: str, gwno: int | None) -> int | None:
    """Return the state for which a side acts; a bare 'Soldiers' acts for that of its territory.

    Args:
        name: the name as a source writes it.
        gwno: the territory in which it acts.

    Returns:
        The Gleditsch-Ward number; None where the name is no state's, or its territory unknown.

    >>> acting_state("Soldiers", 475), acting_state("armée tchadienne", 475)
    (475, 483)
    """
    number = state_number(name, gwno)
    bare = _bare(ORGANISATIONS.fold(YEARS.sub(" ", name)))
    if number is None and (joint := joint_bodies(name, gwno)):
        # In 'police and army of Nigeria' the state is named once for both.
        named = {state_number(one, gwno) for one in joint} - {None}
        states = named or {acting_state(one, gwno) for one in joint}
        return states.pop() if len(states) == 1 else None
    if number is not None or bare not in _BODIES:
        return number
    return _SHORT.get(bare, gwno)


def is_state_body(name: str, gwno: int | None = None) -> bool:
    """Tell whether a name is that of a state's government, army or police, named or not.

    The log of one country writes 'Police nationale', and its state stands in no cell beside. A
    mission of several states (SAMIM, MINUSCA) is on the states' side too.

    Args:
        name: the name as a source writes it.
        gwno: the territory in which it acts.

    >>> is_state_body("Police nationale d'Haïti"), is_state_body("الشرطة"), is_state_body("JNIM")
    (True, True, False)
    >>> is_state_body("SAMIM"), is_state_body("Força Local", 541), is_state_body("FDS", 652)
    (True, True, False)
    """
    bare = _bare(ORGANISATIONS.fold(YEARS.sub(" ", name)))
    if bare in _BODIES or bare in _MISSIONS or bare.endswith(" national police"):
        return True
    return state_number(name, gwno) is not None or bool(joint_bodies(name, gwno))


_BETWEEN = re.compile(r"\s*[,;/+&]\s*|\s+(?:and|et|y|e|und|و|и)\s+|\s+و(?=\w{3})", re.IGNORECASE)


@lru_cache(maxsize=20_000)
def joint_bodies(name: str, gwno: int | None = None) -> tuple[str, ...]:
    """Divide a name that joins bodies of states, each of which is one by itself.

    Args:
        name: the name as a source writes it.
        gwno: the territory in which it acts.

    Returns:
        The bodies; none where the name is one of a single side, or a part of it is no state's.

    >>> joint_bodies("police et gendarmes"), joint_bodies("Army and JNIM")
    (('police', 'gendarmes'), ())
    """
    parts = tuple(one for one in _BETWEEN.split(name) if one)
    if not 2 <= len(parts) <= MOST or not all(is_state_body(one, gwno) for one in parts):
        return ()
    return parts


MOST = 20
"""Bodies that one name joins at most."""


def state_body(name: str, gwno: int | None = None) -> tuple[str, int | None] | None:
    """Return which body of a state a name means, and the number of the state where it is told.

    Args:
        name: the name as a source writes it.
        gwno: the territory in which it acts.

    Returns:
        'police', 'gendarmerie', 'army', 'security forces', 'local force' or 'government', and the
        Gleditsch-Ward number, None for a bare name; None where the name is no one state's.

    >>> state_body("Police nationale d'Haïti"), state_body("PNH"), state_body("Police nationale")
    (('police', 41), ('police', 41), ('police', None))
    >>> state_body("Government of Mali"), state_body("JNIM"), state_body("SAMIM", 541)
    (('government', 432), None, None)
    """
    text = ORGANISATIONS.fold(name)
    if joint := joint_bodies(name, gwno):
        kinds = {kind[0] for one in joint if (kind := state_body(one, gwno))}
        several = kinds.pop() if len(kinds) == 1 else "security forces"
        return several, acting_state(name, None)
    if not is_state_body(name, gwno) or _bare(text) in _MISSIONS:
        return None
    body = next((body for body, words in _KINDS.items() if words.search(text)), "government")
    number = state_number(name, gwno)
    return body, _SHORT.get(text.strip()) if number is None else number


def _bare(text: str) -> str:
    bare = BRACKETS.sub("", text).strip()
    return re.sub(r"^(?:the|la|le|les|el|as|os|a|o) |^l'", "", bare)


def government(text: str) -> str | None:
    """Write the government whose forces a folded name means; None where it is no state's."""
    found = _STATE.match(text)
    number = _ruling_state(found["state"]) if found else None
    return None if number is None else f"government {ORGANISATIONS.fold(by_gwno(number).name)}"


def _ruling_state(text: str) -> int | None:
    """The state of this name; None for a part of one that has rulers of its own."""
    return None if _SELF_RULED.search(BRACKETS.sub("", text)) else named_state(text)


_SELF_RULED = re.compile(
    r"\b(?:palestin\w*|gaza|west bank|cisjordani[ea]|somaliland\w*|puntland\w*|western sahara|"
    r"sahara occidental|northern cyprus)\b"
)
"""Parts counted under a state whose forces they may fight: their own forces are not its."""


def named_state(text: str) -> int | None:
    """Return the number of the state of this name, in brackets or not; None where there is none."""
    # UCDP writes former names in brackets: 'Russia (Soviet Union)'.
    for form in (text, BRACKETS.sub("", text)):
        try:
            return resolve(form.strip()).gwno
        except UnknownTerritory:
            continue
    return None
