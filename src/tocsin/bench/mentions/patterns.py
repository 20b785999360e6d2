"""Broad patterns that find mentions to be read, wider than any lexicon that is to be tested.

They only say what a reader looks at. Many of their matches are no mention at all (a gold mine, a
website that is a source): such rows stay in the labels as non-cases.
"""

from __future__ import annotations

import re

CODES = {
    "uncrewed-aircraft": "ua",
    "cyber": "cy",
    "information-operations": "io",
    "improvised-explosives": "ie",
    "guided-or-indirect-fire": "fi",
}
"""Class to the two letters that stand for it in a row id."""

_WORDS = {
    "uncrewed-aircraft": r"\w*drones?\w*|ua[vs]s?\b|unmanned|uncrewed|(?:quad|multi|hexa|octo)"
    r"-?copters?|pilotless|remotely[- ]piloted|reapers?\b|predators?\b|shahed|bayraktar|loitering"
    r"|kamikaze|aerial vehicles?|fpvs?\b|(?:small|toy|model) (?:air)?planes?|spy planes?"
    r"|reconnaissance (?:air)?(?:craft|planes?)|surveillance (?:air)?(?:craft|planes?)"
    r"|balloons?|مسي[رّ]\w*|بدون طيار|درون",
    "cyber": r"cyber\w*|hack\w*|malware|ransomware|phish\w*|ddos|comput\w*|internet|offline"
    r"|servers?\b|digital\w*|telecom\w*|electronic\w*|spyware|virus\w*|jamm\w*|websites?"
    r"|surveillance|wiretap\w*|intercept\w*|e-?mails?\b|(?:phone|mobile) (?:networks?|lines?)"
    r"|سيبران\w*|قرصن\w*|اختراق|piratage|ciber\w*",
    "information-operations": r"propagand\w*|disinform\w*|misinform\w*|fake\w*|hoax\w*|rumou?r\w*"
    r"|psy-?ops?\b|psycholog\w*|leaflets?|pamphlets?|flyers?\b|videos?\b|footage|films?\b|filmed"
    r"|social media|facebook|twitter|youtube|telegram|whatsapp|online|fabricat\w*|false\w*"
    r"|hate speech|incit\w*|influence\w*"
    r"|media (?:campaign|war|office|wing|outlet|blackout|centre|center)\w*|deep-?fake\w*|a'?maq\b"
    r"|trolls?\b|bots?\b|staged|publish\w*|releases? (?:photo|picture|image|statement|magazine)\w*"
    r"|photos?\b|pictures?\b|images?\b|magazines?\b|broadcast\w*|loudspeakers?|manipulat\w*"
    r"|narrative\w*|دعاية|منشورات|شائعات|إشاع\w*|propagande|rumeurs?",
    "improvised-explosives": r"\w*bieds?\b|ieds?\b|improvis\w*|booby\w*|bomb(?!ard)\w*"
    r"|(?:car|truck|fire|suicide)bomb\w*|explos\w*|explod\w*|suicid\w*|mines?\b|landmines?"
    r"|mined\b|minefields?|blasts?\b|blasted|deton\w*"
    r"|bl(?:own?|ew|ows|owing)[- ]?(?:up|himself|herself|themselves|itself)\b|devices?\b"
    r"|martyrdom|kamikaze|pi[eé]g[eé]\w*|engins? explosifs?|grenades?\b|rigged|explosive charges?"
    r"|belts?\b|vests?\b|dynamite|tnt\b|عبو\w*|مفخخ\w*|انتحار\w*|لغم|[اأ]لغام|تفجير\w*|انفجار\w*",
    "guided-or-indirect-fire": r"rockets?\w*|\w*missiles?|mortars?\b|artiller\w*"
    r"|shell(?:s|ed|ing|ings|fire)?\b|howitzers?|atgms?\b|mlrs|grads?\b|katyusha\w*"
    r"|pound(?:s|ed|ing)?\b|barrages?\b|projectiles?|bombard\w*|cannons?\b|tows?\b(?= missile)"
    r"|roquettes?|obus\b|mortiers?|indirect fire|heavy weapons?|rpgs?\b|grenade launchers?"
    r"|tanks? fire|guided|صارو\w*|صواريخ|قذيف\w*|قذائف|هاون|مدفع\w*|قصف\w*",
}

PATTERNS = {name: re.compile(rf"\b(?:{words})", re.IGNORECASE) for name, words in _WORDS.items()}
"""Class to its pattern."""
