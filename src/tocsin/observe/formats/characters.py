"""Characters that do not show, or that make text look like other text.

Refused in every field of every source: controls, overrides of the writing direction, stacks
of marks, and code points that are no characters (Unicode Technical Report 36, Unicode
Security Considerations; Boucher and Anderson 2023, Trojan Source, USENIX Security).

Refused in names, by which records are matched, also: characters that do not show, words that
mix alphabets which look alike (Unicode Technical Standard 39, section 5), and formulas. In
prose they do no harm, and honest sources carry them: 53 headlines of the example region hold
one that some web page left there.
"""

from __future__ import annotations

import re
import unicodedata

MAX_MARKS = 8
"""Marks on one letter; no living script stacks more."""

_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
HOSTILE = (
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u206f\ufff9-\uffff"
    f"\U000e0000-\U000e0fff]|[{_MARKS}]{{{MAX_MARKS + 1},}}"
)
"""What `hostile` looks for, as a regular expression for clean UTF-8."""
_HOSTILE = re.compile(f"[\ud800-\udfff]|{HOSTILE}")
_ASCII = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""What of it can stand in ASCII: most records are, and this is looked for faster."""
_HIDDEN = re.compile("[\x85\xad\u034f\u061c\u180e\u200b-\u200f\u2028\u2029\u2060-\u2065\ufeff]")
_JOINERS = "\u200c\u200d"
_DIRECTIONS = "\u061c\u200e\u200f"
_ALIKE = {
    "CYRILLIC": re.compile("[\u0400-\u052f]"),
    "GREEK": re.compile("[\u0370-\u03ff]"),
    "LATIN": re.compile("[A-Za-z\u00c0-\u024f]"),
}
_WORD = re.compile(r"[^\W\d_]+")
_TAKEN = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
"""The first two bytes of a sign in UTF-8, as Windows-1252 shows them."""
_FORMULA = re.compile(r"[=@\t\r]|[+\-](?=.*\w)", re.DOTALL)


def hostile(text: str) -> str | None:
    """Say why a text is refused, whatever it says.

    Args:
        text: any text.

    Returns:
        A sentence; None where nothing is wrong with the text.

    >>> hostile("Bangui") is None
    True
    >>> hostile("Ban\\u202egui")
    'It holds U+202E (RIGHT-TO-LEFT OVERRIDE).'
    """
    match = (_ASCII if text.isascii() else _HOSTILE).search(text)
    if match is None:
        return None
    if len(match[0]) > 1:
        return f"It holds {len(match[0])} marks on one letter."
    return f"It holds {_called(match[0])}."


def disguised(name: str) -> str | None:
    """Say why a name is refused although it would do in prose.

    Args:
        name: the name of an organisation or a place.

    Returns:
        A sentence; None where nothing is wrong with the name.

    >>> disguised("\\u041doutis") is None  # a Cyrillic letter that looks like H
    False
    >>> disguised('=HYPERLINK("x")')
    'It begins like a formula of a spreadsheet.'
    """
    if _FORMULA.match(name):
        return "It begins like a formula of a spreadsheet."
    if name.isascii():
        return None
    for match in _HIDDEN.finditer(name):
        if not _has_work(name, match.start()):
            return f"It holds {_called(match[0])}, which does not show."
    for word in _WORD.findall(name):
        scripts = [script for script, letters in _ALIKE.items() if letters.search(word)]
        if len(scripts) > 1:
            return f"The word '{word}' mixes {' and '.join(scripts)} letters."
    return None


def as_meant(text: str) -> str:
    """Put right a text in UTF-8 that a program took for Windows-1252 and saved again.

    Only where the whole text can be turned back: then it was hardly ever meant as it stands, since
    each sign above ASCII has to begin and to go on as UTF-8 does.

    Args:
        text: any text.

    Returns:
        The text as it was meant; the same text where nothing tells that it was mangled.

    >>> as_meant("C\u00c3\u00b4te d'Ivoire"), as_meant("S\u00c3O PAULO")
    ("Côte d'Ivoire", 'SÃO PAULO')
    """
    if text.isascii() or not _TAKEN.search(text):
        return text
    for encoding in ("cp1252", "latin-1"):
        try:
            found = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        # What was mangled twice is shorter each time.
        return text if hostile(found) or disguised(found) else as_meant(found)
    return text


def _has_work(name: str, at: int) -> bool:
    """Joiners follow a letter of a script that joins or stacks; marks of direction stand in

    a name of a script that runs from right to left. Elsewhere they only hide.
    """
    if name[at] in _JOINERS:
        before = name[at - 1] if at else " "
        return ord(before) > 0x58F and unicodedata.category(before)[0] in "LM"
    if name[at] in _DIRECTIONS:
        return any(
            unicodedata.bidirectional(char) in ("R", "AL")
            for char in name
            if unicodedata.category(char)[0] == "L"
        )
    return False


def _called(char: str) -> str:
    return f"U+{ord(char):04X} ({unicodedata.name(char, 'a control, or no character')})"
