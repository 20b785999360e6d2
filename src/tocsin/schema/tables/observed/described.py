"""Descriptions of a side: 'bandits', 'Criminal gang', 'hommes armés', 'ميليشيا محلية'.

Such a name has words of kind only, and no word of its own. It says what a side was and not which
one: two rows with it need not mean the same people, and in two territories they hardly do. Names
with a word that is in no list here ('Toro Communal Militia') are names.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tocsin.schema.geography.adjectives import states_of
from tocsin.schema.geography.territory import is_known
from tocsin.schema.vocabulary.folding import ORGANISATIONS

_PEOPLE = (
    # English
    "bandit bandits brigand brigands robber robbers thief thieves raider raiders rustler "
    "rustlers looter looters criminal criminals gangster gangsters gunman gunmen assailant "
    "assailants attacker attackers bomber bombers shooter shooters sniper snipers kidnapper "
    "kidnappers pirate pirates poacher poachers smuggler smugglers trafficker traffickers "
    "hooligan hooligans thug thugs rebel rebels insurgent insurgents militant militants "
    "guerrilla guerrillas guerilla guerillas separatist separatists secessionist secessionists "
    "extremist extremists terrorist terrorists jihadist jihadists jihadi jihadis islamist "
    "islamists fighter fighters combatant combatants mercenary mercenaries mutineer mutineers "
    "deserter deserters defector defectors militiaman militiamen paramilitary paramilitaries "
    "vigilante vigilantes hunter hunters hitman hitmen cultist cultists men youth youths "
    "boys persons individuals tribesman tribesmen clansmen "
    "civilians villagers residents locals herder herders herdsman "
    "herdsmen pastoralist pastoralists farmer farmers fisherman fishermen fishers miner miners "
    "worker workers student students prisoner prisoners inmates settler settlers migrants "
    "refugees protesters rioters demonstrators mob crowd loyalists "
    # French
    "brigands voleur voleurs criminel criminels malfaiteur malfaiteurs braqueurs coupeurs "
    "tireurs assaillants agresseurs ravisseurs pirates braconniers contrebandiers trafiquants "
    "rebelle rebelles insurge insurges militants guerilleros separatistes secessionnistes "
    "extremistes terroriste terroristes djihadiste djihadistes jihadistes islamistes combattant "
    "combattants mercenaires mutins deserteurs milicien miliciens paramilitaires chasseurs "
    "hommes homme individus personnes jeunes villageois habitants eleveur eleveurs berger "
    "bergers agriculteurs cultivateurs pecheurs mineurs ouvriers etudiants prisonniers detenus "
    "colons refugies manifestants emeutiers foule "
    # Spanish and Portuguese
    "bandido bandidos ladrones asaltantes criminales delincuentes malhechores pistoleros "
    "sicarios encapuchados secuestradores piratas contrabandistas traficantes narcotraficantes "
    "rebelde rebeldes insurgente insurgentes militantes guerrillero guerrilleros separatistas "
    "extremistas terroristas yihadistas islamistas combatiente combatientes mercenarios "
    "paramilitar paramilitares milicianos hombres individuos personas jovenes campesinos "
    "pastores ganaderos agricultores pescadores mineros garimpeiros obreros estudiantes presos "
    "colonos manifestantes criminosos homens combatentes "
)
_BODIES = (
    "gang gangs militia militias mafia mafias cartel cartels clan clans tribe tribes squad "
    "squads group groups band bands cell cells crime faction factions element elements network "
    "networks force forces unit units syndicate syndicates cult cults posse milice milices "
    "groupe groupes bande bandes tribu tribus cellule cellules reseau reseaux unites comite "
    "comites crimen delincuencia milicia milicias pandilla pandillas banda bandas grupo grupos "
    "celula celulas faccion facciones faccao faccoes carteles fuerzas quadrilha quadrilhas "
    "maras "
)
_QUALITIES = (
    "armed unarmed masked hooded uniformed uniform heavily criminal criminals rival rivals "
    "local foreign unknown unaffiliated unnamed other various several some different hostile "
    "enemy opposing opposition rebel insurgent militant guerrilla separatist secessionist "
    "extremist terrorist jihadist jihadi islamist radical military paramilitary vigilante "
    "communal community ethnic tribal clan sectarian religious muslim christian sunni shia "
    "shiite hindu jewish political student drug narco trafficking smuggling kidnapping robbery "
    "organised organized crime street motorcycle motorbike prison youth village rural urban "
    "self defence defense progovernment antigovernment pro anti government regime state non "
    "nonstate irregular small large nomadic pastoralist herder farmer hired contract private "
    "mounted cattle livestock sea land border death inspired affiliated linked aligned palestinian "
    "arme armes armee armees masque masques cagoule "
    "cagoules criminel criminelle criminels criminelles rivale rivaux rivales locale locaux "
    "locales etranger etrangers etrangere etrangeres inconnu inconnus autre autres plusieurs "
    "divers ennemi ennemis rebelle islamiste djihadiste jihadiste terroriste extremiste "
    "communautaire communautaires ethnique ethniques tribale tribales confessionnelle politique "
    "politiques organise organisee route routes autodefense jeunes villageoise villageoises "
    "progouvernementale progouvernementales gouvernementale etatique etatiques drogue bandits "
    "eleveurs militaire militaires armado armada armados armadas criminales delictiva delictivo "
    "delictivas delincuencial extranjero extranjeros desconocido desconocidos otro otros varios "
    "insurgente rebelde guerrillera guerrillero terrorista islamista comunitaria comunitarias "
    "etnico etnica politica organizado organizada crimen narcotrafico trafico drogas "
    "autodefensa autodefensas defensa civil civiles urbana callejera callejeras criminosa "
    "criminoso locais estrangeiros desconhecidos militar militares "
)
_DIRECTIONS = (
    "northern southern eastern western north south east west nord sud est ouest norte sur sul "
    "este oeste "
)
"""Beside those who act; 'Cartel del Sur' is a name."""
_SMALL = (
    "a an the of and or with in on by from at for le la les l un une des du de d et ou avec en "
    "aux au el los las una unos unas y o con del da do das dos e com na no s "
)
_ARABIC_PEOPLE = (
    "مسلح مسلحون مسلحين مسلحو متمردون متمردين متمرد إرهابيون إرهابيين إرهابي مقاتلون مقاتلين "
    "متطرفون متطرفين متشددون متشددين جهاديون جهاديين لصوص مهربون مهربين قراصنة مجرمون مجرمين "
    "خارجون رعاة رعاه مزارعون مزارعين قطاع رجال عناصر مرتزقة انفصاليون انفصاليين شبان بلطجية "
)
_ARABIC_BODIES = (
    "مجموعة مجموعات جماعة جماعات عصابة عصابات ميليشيا ميليشيات مليشيا مليشيات قبيلة قبائل عشيرة "
    "عشائر خلية خلايا فصيل فصائل قوات "
)
_ARABIC_QUALITIES = (
    "مسلحة مسلحه محلية محلي محليون محليين إجرامية إجرامي متمردة متطرفة إرهابية جهادية متشددة "
    "قبلية عشائرية طائفية عرقية أجنبية أجانب مجهولة مجهولون مجهولين معارضة موالية متنافسة "
    "منافسة أخرى عدة طرق طريق عن على القانون من في مسلحي مدنيون مدنيين "
)


def _words(*texts: str) -> frozenset[str]:
    return frozenset(ORGANISATIONS.fold(word) for text in texts for word in text.split())


def _arabic(text: str) -> frozenset[str]:
    """Arabic words, without and with the article."""
    return _words(text, " ".join(f"ال{word}" for word in text.split()))


_WHO = _words(_PEOPLE) | _arabic(_ARABIC_PEOPLE)
_HEADS = _WHO | _words(_BODIES) | _arabic(_ARABIC_BODIES)
"""Words of which a description has one at least."""
_ANY = _HEADS | _words(_QUALITIES, _SMALL) | _arabic(_ARABIC_QUALITIES)
"""Words of which it has no other, but for states and their adjectives."""
_AND = ORGANISATIONS.fold("و")
_FORCES = _words("force forces fuerzas forcas قوات القوات")
"""Of so vague a body a quality has to be said ('rival forces'), and not that they are armed: armed
forces are a state's, or an organisation's that takes itself for one."""
_ARMED = _words("armed armees armadas مسلحة المسلحة")
_UNSAID = _FORCES | _words(_SMALL)
_WAYS = _words(_DIRECTIONS)
_OF_STATES = _words(
    "army armed forces military police soldiers troops policemen gendarmes gendarmerie security "
    "government state armee armees soldats militaires policiers troupes securite etat "
    "ejercito policia policias soldados militares tropas exercito policiais the la le les l el los "
    "de الجيش جيش الشرطة شرطة الجنود جنود"
)
_JOINED = re.compile(r"\s*[,;/+&]\s*|\s+(?:and|et|y|e|ou|or|o|und|with|avec|و)\s+|\s+و(?=\w{3})")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_WORD = re.compile(r"[^\W_]+")
CROWD = _words(
    "clan clans tribe tribes tribal tribesman tribesmen clansmen "
    "villagers residents locals civilians persons youth youths "
    "herder herders herdsman herdsmen pastoralist pastoralists farmer farmers fisherman "
    "fishermen fishers miners workers student students settlers migrants refugees protesters "
    "rioters demonstrators mob crowd prisoners inmates tribu tribus villageois habitants jeunes "
    "eleveur eleveurs berger bergers agriculteurs cultivateurs pecheurs mineurs ouvriers "
    "etudiants prisonniers detenus colons refugies manifestants emeutiers foule personnes "
    "campesinos pastores ganaderos agricultores pescadores mineros obreros estudiantes presos "
    "colonos manifestantes jovenes personas "
) | _arabic("قبيلة قبائل عشيرة عشائر رعاة مزارعون مزارعين")
"""Words by which a description is one of people, and not of those among them who fight."""


@lru_cache(maxsize=65_536)
def is_description(name: str) -> bool:
    """Tell whether a name only says of which kind a side was, or of which kinds two were.

    Words in brackets may be a territory, or of a kind as well. The name or adjective of a state
    may stand beside those who act ('Nigerian bandits', 'rebelles du Tchad'). A body of a state may
    be joined to a description ('soldiers and vigilantes'): that is no organisation either.

    Args:
        name: as a source writes it.

    >>> is_description("Criminal gang"), is_description("Militia (Pastoralists)")
    (True, True)
    >>> is_description("Toro Communal Militia (Nigeria)"), is_description("Lebanese Forces")
    (False, False)
    """
    return _is_one(name) or _is_joint(name)


def _is_joint(name: str) -> bool:
    parts = [one for one in _JOINED.split(_BRACKETS.sub(" ", name).strip()) if one]
    if len(parts) < 2 or not any(map(_is_one, parts)):
        return False
    return all(_is_one(one) or _OF_STATES.issuperset(_split(one)) for one in parts)


def _is_one(name: str) -> bool:
    inside = [one.strip() for one in _BRACKETS.findall(name) if one.strip()]
    bare = _BRACKETS.sub(" ", name).strip()
    if not all(is_known(one) or _says(one, _ANY) for one in inside):
        return False
    words = _split(bare)
    heads = [word for word in words if word in _HEADS]
    if not heads or len(words[-1]) == 1:  # 'Group A' is a name.
        return False
    rest = [word for word in words if word not in _ANY]
    if not _FORCES.isdisjoint(words) and not _ARMED.isdisjoint(words):
        return False
    if not rest:
        return not _UNSAID.issuperset(words)
    if not _WHO.issuperset(heads):
        return False
    place = " ".join(rest)
    return bool(states_of(place)) or is_known(place) or _WAYS.issuperset(rest)


def is_crowd(name: str) -> bool:
    """Tell whether a description is of people as such: 'herders', 'Rival clan', 'armed youth'.

    >>> is_crowd("Pastoralists"), is_crowd("bandits"), is_crowd("Fulani herders")
    (True, False, False)
    """
    return is_description(name) and not CROWD.isdisjoint(_split(name))


def _says(text: str, words: frozenset[str]) -> bool:
    return all(word in words for word in _split(text))


def _split(text: str) -> list[str]:
    words = _WORD.findall(ORGANISATIONS.fold(text).replace("'", " "))
    # In Arabic 'and' is a letter at the head of the word that follows.
    return [word[1:] if word[:1] == _AND and word[1:] in _ANY else word for word in words]
