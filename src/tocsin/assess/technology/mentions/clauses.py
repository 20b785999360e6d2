"""Clauses: who of the parties that a part names used a class there, and against whom.

What decides is where their names stand beside the class's words, and the words between: who fires,
who is struck, who claims or is blamed, who only tells of it.
"""

from __future__ import annotations

import re

from tocsin.assess.technology.mentions.parties import NEAR, Party
from tocsin.schema.vocabulary.folding import fold_in_place

_VERB = re.compile(
    r"\b(?:shells|shelled|shelling|bomb(?:s|ed|ing)|mortars?|bl[eo]w\w* (?:\w+ )*up|hack(?:s|ed)|"
    r"explod\w*|detonat\w*)$"
)
"""Words of a class that are verbs: what stands behind them is what they are done to."""
FAR = 16
"""Words between a party and the class beyond which the two are not joined."""
_CLAUSE = re.compile(
    r"[.!?…]{2,}|[.!?…](?=\s|$)|\b(?:while|amid|as well as|in conjunction with)\b|"
    r"[\"”]?\s+and\s+(?:[\w&./-]+ ){0,6}(?:\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{2,4})"
)
"""Where one clause ends; one that joins headlines with 'AND' and their days ends each of them."""
_OF_WHOM = re.compile(r"^bomb(?:ing|ings|ardment|ardments) of (?:the )?$")
"""The bombing of a party is as well the one that it did as the one that it suffered."""
_AS = re.compile(r"\bas\b")
"""After the class's words something else begins that happens at the same time."""
_BY = re.compile(
    r"^(?:\W*\w+){0,3}?\W*\b(?:by|from|par|por|من|blamed on|"
    r"(?:attributed|imputee?s?|attribuee?s?|atribuid[oa]s?) (?:to|aux?|al?))\W+"
    r"(?:(?:the|an?|les?|la|los|el|des)\W+)?(?:\w+[ -]+){0,1}$|"
    r"^(?:\W*[\w’'-]+){0,5}?\W*\b(?:used|fired|launched|planted|laid|operated|flown|dropped|hung|posted|"
    r"spread|distributed|carried out|detonated|set off|placed|staged|left|sent|published|"
    r"released)\W+by\W+(?:[\w’'-]+[ -]+){0,2}$|"
    r"(?:اطلقها|اطلقتها|اطلقه|اطلقته|شنها|شنتها|شنه|شنته|زرعها|زرعتها|زرعه|زرعته|نفذها|نفذتها|"
    r"نفذه|نفذته|فجرها|فجره)\W+(?:\w+\W+){0,1}$|"
    r"^(?:\W*[\w-]+){0,1}?\W*\b(?:of|des?|du|del?)\W+(?:(?:the|an?|les?|las?|los|l)\W+)?$"
)
_BOTH = re.compile(
    r"^ (?:artillery|paramotors?|jets?|air ?strikes?|aircraft|helicopters?|gunships?|tanks?|"
    r"rockets?|missiles?|mortars?|drones?|gunfire|sniper) and $|"
    r"^\W*(?:(?:has|have|had|ont|han) )?(?:fir(?:es?|ed|ing)|us(?:es?|ed|ing)|"
    r"launch(?:es|ed|ing)?|lobs?|lobbed|hurl(?:s|ed)?|utilise?|tire(?:nt)?|lanza(?:n|ron)?|"
    r"disparan?)\W+(?:(?!and\b)[\w-]+ ){1,3}(?:and|et|y) (?:\w+ )?$"
)
"""Two weapons of one owner, or two that are the objects of one verb."""
_FINITE = re.compile(
    r"(?<!a )(?<!an )(?<!the )(?<!after )(?<!by )(?<!of )(?<!as )(?<!when )"
    r"(?:shell(?!\W+(?:kill|hit|land|explo|f[ae]ll|str[iu]|fire|attack|fragment|from|by|in|on|near|at|and)|\W*$)|"
    r"shelled|bombed|mortared|detonated|blew (?:\w+ )*up|bombardean?|bombardent?|pilonnent?|"
    r"[يت]قصف(?:ون|وا|ت)?)\b"
)
"""Words of a class that can only be a verb: whoever stands before them does it, even where it did
something else first ('rebels entered the town and shelled a post')."""
_AND = re.compile(r"\b(?:and|et|y|و)\b(?=.*\b(?:by|par|por|من)\b)")
"""Something new begins between the class's words and 'by': its user is not the class's."""
_THEY = re.compile(r"[.!?…]\s+(?:they|it|ils|elles)\b")
"""A sentence that begins with 'they' goes on about the first party of the one before."""
_OWN = re.compile(r"^(?:[’'`”“\"\s-]|s\b)*(?:[\w-]+[^\w.,]+){0,2}$")
_TIES = re.compile(
    r"\b(?:in|by|with|on|after|against|from|for|near|over|under|of|dans|par|sur|contre|lors|en|por|"
    r"في|على|ضد|قرب|من|بعد)\b"
)
_ACTS = re.compile(
    r"\b(?:attack|target|sho[ot]t?|down|seiz|captur|found|find|destroy|intercept|fir(?:e|es|ed|ing)\b|launch|us(?:e|es|ed|ing)\b|str(?:ike|uck|ikes)|hit|"
    r"shell|carr|drop|throw|send|sent|detonat|bl[eo]w|plant|bomb|kill|respond|storm|publish|"
    r"releas|incit|claim|pound|employ|conduct|execut|mount|rain|lob|attaqu|tir|lanc|utilis|ataca|lanz|dispar|"
    r"استهد|يستهد|تستهد|قصف|يقصف|تقصف|اطلق|يطلق|تطلق|هاجم|يهاجم|تهاجم|"
    r"recover|discover|dismantl|defus|uncover|confiscat|remov|clear|neutrali[sz]|"
    r"incaut|desactiv|derrib|decomis|hall|saisi|desamorc|decouv|abat|frapp|pilonn|"
    r"publi|repart|difund|diffus|distribu|sembr|coloc|dinamit|pos[ea]|activ|اسقط|اسقاط|اعتر|ضبط|تفكيك)\w*"
)
_SUFFERED = re.compile(
    r"\b(?:(?:killed|wounded|injured|die[sd]?|dead|deaths?|hurt|loss\w*|los(?:t|es?)|casualt\w+|"
    r"targeted|hit|struck|attacked|destroyed|damaged|ambushed|shelled|bombed|rocked|pounded|neutrali[sz]ed|eliminated|tues?|blesse\w*|morte?s?|muert\w*|herid\w*)"
    r"(?: \w+){0,6}? (?:in|by|with|from|after|when|dans|par|en|por|as)|"
    r"(?:against|in the death of|contre|contra))\b|"
    r"^\W*(?:[\w-]+ ){0,2}(?:vehicles?|convoys?|trucks?|bus(?:es)?|cars?|patrols?|carriers?|tanks?|"
    r"jeeps?)\W+(?:hits?|str(?:ikes?|uck)|(?:runs?|ran|drives?|drove) (?:on|over|into)|"
    r"trigger(?:s|ed)?|trips?)\b|"
    r"^\W*(?:\w+\W+)?(?:fac(?:e|es|ed|ing)|suffer\w*|surviv\w*|com(?:e|es|ing) under|came under)\b"
)
_TRIGGERS = re.compile(r"^\W*(?:[\w-]+ )?(?:trigger(?:s|ed)?|trip(?:s|ped)?)\W+(?:\w+ )?$")
_STATES = ("this-state", "other-state", "coalition")
"""Soldiers who trigger a mine suffer it; insurgents who trigger one set it off."""
_DOES = re.compile(
    r"^\W*(?:(?:says?|said) (?:it|they)\W+)?(?:kill|target|attack|hit|str[iu])\w*\W+"
    r"(?!(?:in|by|with|from|after|when|as|while|during|near|at|on|outside|inside)\b)\w"
)
"""A party followed by a verb with an object: it is the one that acts."""
_HELD = re.compile(r"\b(?:controlled|held|backed|run|occupied|besieged)\b")
_NEXT = re.compile(
    r"(?:\b(?:and|et|y)|,)\W+(?:(?:an?|the|more|new|les?|fall of|\w+ing)\W+)*"
    r"(?:(?:an?|the)\W+(?:\w+ly\W+)?(?:\w+ed\W+)?)?$"
)
"""The class's words begin something new, after 'and': what stands before did not use it."""
_OTHERS = re.compile(
    r"^\W*(?:areas?|territor(?:y|ies)|zones?|regions?|strongholds?)\b|"
    r"\b(?:who|whom|qui|que|quienes)\b"
)
"""A party's name says where it was, or the verb's subject was named since."""
_PASSIVE = re.compile(
    r"blown (?:\w+ )*up|(?:servers?|networks?|databases?) (?:\S+ ){0,6}breached|"
    r"(?:bombed|shelled|hacked|bombarded)(?=\W+(?:by|in|near|at|on|during|as|with)\b|\W*$)"
)
"""Words of a class that are passive: what stands before them suffered it."""
_ITS_SITE = re.compile(
    r"(?:.s)?\W+(?:\w+\W+)?(?:web ?sites?|sites?|accounts?|pages?|servers?|networks?|databases?|"
    r"systems?|computers?|e-?mails?|portals?)\W+(?:(?:was|were|is|are|been|gets?)\W+)?"
)
"""A party's website, of which then a verb says what was done to it."""
_VICTIMS = re.compile(
    r"(?:members?|soldiers?|fighters?|elements?|sites?|positions?|vehicles?|headquarters?|"
    r"commanders?|leaders?|envoys?|strongholds?|(?:killing|death|assassination)) "
    r"(?:\w+ ){0,3}(?:of|from|in|for) (?:the |“)?$"
)
"""Words before a party by which it is the one that suffered."""
_SPEAKS = re.compile(
    r"^\W*(?:(?:spokes\w+|officials?|sources?|commander|officer|ministry|chief|statement)\W+)?"
    r"(?:says?|said|tells?|told|reports?|reported|announc\w+|confirm\w+|warn\w+|statement|"
    r"accus(?:es|ing)|blam(?:es|ing)|den(?:y|ies|ied)|claim\w* (?:that|to|it|they)|affirm\w*|dit|"
    r"indique|annonce|informa|asegura|denuncia|تقول|يقول|يعلن|تعلن)\b"
    r"(?!(?: that)? (?:it|they|its|the group)\b)|^\W*spokes\w+\W*:"
)
"""A party that only tells of something neither did nor suffered it."""
_SOURCE = re.compile(r"\w['’”\"]?\s+[-–—]\s*(?:(?:the|an?)\s+)?$")
_VOICE = re.compile(
    r"(?:\W+(?:radio|tv|sources?|officials?|spokes\w+|leaders?|commanders?|statement|monitors?))?\W*"
)
"""Before a name that ends a headline after a dash, and behind it: the source that tells of it."""
_CLAIMS = re.compile(
    r"^\W*(?:[\w-]+\W+){0,1}?(?:"
    r"(?:takes?|took|taking|accepts?|accepted|admits?|admitted) (?:full )?(?:responsibility|blame)|"
    r"owns? up|owned up|"
    r"claim(?:s|ed|ing)?(?=\W*$|\W*[.,;]|\W+(?:responsibility|credit|(?:the |both |this )?(?:\w+ )?"
    r"(?:attacks?|blasts?|bombings?|assaults?|strikes?|killings?)\b))|"
    r"(?:blamed|suspected|accused|responsible|hand (?:is )?suspected)"
    r"(?=\W*$|\W*[.,;]|\W+(?:for|of|in|over)\b)|"
    r"(?:revendiqu|reivindic)\w*|(?:ت|ي)?تبن\w+)"
)
"""A party that takes an act on itself, or is held to have done it."""
_BLAMED = re.compile(
    r"\b(?:blam\w+|accus\w+|suspects?|point\w* (?:to|at)|senalan? a|apuntan a|"
    r"attribu\w+ (?:to|a|aux?)|soupconn\w+)\W+(?:(?:the|la|el|los|les?|l)\W+)?$"
)
"""Words before a party by which it is held to have done it."""
_HIDES = re.compile(
    r"^(?:.s)?\W+(?:\w+\W+)?(?:hide-?outs?|camps?|bases?|caves?|dens?|lairs?|caches?|strongholds?|"
    r"workshops?|houses?|compounds?|schools?)\b"
)
"""Words behind a party to whom the place belongs in which something was found."""
_TAKEN_FROM = re.compile(
    r"\b(?:(?:taken|seized|captured|recovered) from|(?:pris|saisi)e?s? aux?|"
    r"(?:arrebat|incaut)ad\w+ a)\W+(?:(?:the|la|los?|el)\W+)?$"
)
_FOUND_IN = re.compile(r"\b(?:in|at|inside|from|dans|en)\W+(?:(?:an?|the|\w+ed|former)\W+)*$")


def between(
    part: str, words: list[tuple[int, int]], found: list[Party], *, holds: bool = False
) -> tuple[Party | None, Party | None]:
    """Tell who is said to have used, or had, a class, and against whom.

    Args:
        part: the part of the text.
        words: the places of the class's words, in the order of the text.
        found: from `parties_in`.
        holds: whether the class was shot down, seized or struck: then the one who acts is
            against, and only a possessive or 'of' says whose it was.

    Returns:
        The user and the party that it was used against; None where the words name none.
    """
    level = fold_in_place(part).lower()
    first, last = words[0]
    claimed = next((one for one in found if _is_blamed(level, one)), None)
    found = [one for one in found if one is claimed or not _only_tells(level, one)]
    by = next((one for span in words for one in found if _is_by(level, span, one)), claimed)
    if holds and by is None:
        by = next((one for one in found if _is_owner(level, last, one)), None)
    against: Party | None = None
    passive = _PASSIVE.match(level[first:]) is not None
    acts = _FINITE.match(level, first) is not None and not passive
    for party in reversed([one for one in found if one.end <= first]):
        gap = level[party.end : first]
        if _CLAUSE.search(gap):
            break
        role = _role(level, party, gap, holds=holds, acts=acts)
        if role == "by" and _OWN.fullmatch(gap) and passive:
            role = "against"
        if role == "by" and by is None:
            by = party
            break
        if role == "against" and against is None:
            against = party
    if holds and by is None and against is None and _THEY.search(level[:first]):
        against = next((one for one in found if one.end <= first), None)
    for party in found:
        if party.start < last or party is by:
            continue
        if _CLAUSE.search(level[last : party.start]) or _AS.search(level[last : party.start]):
            continue
        against = against or party
    return by, against


def _is_owner(level: str, last: int, party: Party) -> bool:
    """Whether a party named after the class had it: it was found in its place, or taken from it."""
    if party.start < last:
        return False
    gap = level[last : party.start]
    in_its_place = _HIDES.search(level[party.end :]) and _FOUND_IN.search(gap)
    return bool(in_its_place or _TAKEN_FROM.search(gap))


def _is_blamed(level: str, party: Party) -> bool:
    """Whether a party takes the act on itself, or others say that it was the one."""
    return bool(_CLAIMS.search(level[party.end :]) or _BLAMED.search(_before(level, party.start)))


def _only_tells(level: str, party: Party) -> bool:
    """Whether a party only tells of something: '… says', or its name alone after a colon."""
    last = not level[party.end :].strip(" .'’”s") and level[: party.start].rstrip().endswith(":")
    apart = _SOURCE.search(level[: party.start]) and _VOICE.fullmatch(level[party.end :])
    return bool(last or apart) or _SPEAKS.search(level[party.end :]) is not None


def _before(level: str, at: int) -> str:
    """The words just before a place, as far as a rule may look."""
    return level[max(at - NEAR, 0) : at]


def _is_by(level: str, span: tuple[int, int], party: Party) -> bool:
    """Whether a party after the class's words is the one by whom it was used."""
    if span[0] <= party.start and party.end <= span[1]:
        return True  # In Arabic the state may stand inside the words of the class.
    if party.start < span[1]:
        return False
    gap = level[span[1] : party.start]
    if _OF_WHOM.search(level[span[0] : party.start]):
        return False
    arabic = not level[party.start].isascii()
    if not gap.strip() and (arabic or party.gwno is not None):
        # 'bombardement russe', not 'shells Turkish posts'.
        return not _VERB.search(level[: span[1]])
    return bool(_BY.search(gap)) and not _HELD.search(gap) and not _AND.search(gap)


def _role(level: str, party: Party, gap: str, *, holds: bool, acts: bool) -> str | None:
    """What a party before the class's words does: uses it, suffers it, or neither. `acts`: the
    words can only be a verb."""
    triggers = party.kind in _STATES and _TRIGGERS.search(gap)
    if triggers or _VICTIMS.search(_before(level, party.start)) or _ITS_SITE.fullmatch(gap):
        return "against"
    if _OTHERS.search(gap):
        return None
    goes_on = not _NEXT.search(gap)
    if not holds and ((_DOES.search(gap) and goes_on) or _BOTH.search(gap)):
        return "by"
    if _SUFFERED.search(gap):
        return "against"
    if gap.count(" ") > FAR or not (goes_on or acts):
        return None
    return "by" if acts and not holds else _acts(gap, holds=holds)


def _acts(gap: str, *, holds: bool) -> str | None:
    """What a party does by the words between it and the class's."""
    acts = _ACTS.search(gap) is not None
    if _OWN.fullmatch(gap) and not _TIES.search(gap) and not (holds and acts):
        return "by"
    return ("against" if holds else "by") if acts else None
