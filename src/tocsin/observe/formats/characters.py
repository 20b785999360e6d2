"""Characters that do not show, or that make text look like other text.

Refused in every field of every source: controls, overrides of the writing direction, stacks
of marks, and code points that are no characters (Unicode Technical Report 36, Unicode
Security Considerations; Boucher and Anderson 2023, Trojan Source, USENIX Security).

Refused in names, by which records are matched, also: characters that do not show, words that
mix alphabets which look alike (Unicode Technical Standard 39, section 5), and formulas. In
prose they do no harm, and honest sources carry them: 53 headlines of the example region hold
one that some web page left there.

Letters that a program wrote in a code page of Windows, or mangled, are told here as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

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
MANGLED = (
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
"""The first two bytes of a sign in UTF-8, as Windows-1252 shows them: a regular expression."""
_TAKEN = re.compile(MANGLED)
_FORMULA = re.compile(r"[=@\t\r]|[+\-](?=.*\w)", re.DOTALL)
_UTF8 = re.compile(rb"\xc3[\x80-\xbf]|\xc2[\xa0-\xbf]|\xe2\x80[\x80-\xbf]")
"""Letters and punctuation of Western Europe in UTF-8: a line with them is mixed, or broken."""
_NO_WESTERN = re.compile(
    "[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0152-\u0178\u017d\u017e]{3}"
    "|[\u00d0\u00dd\u00de\u00f0\u00fd-\u00ff]|[A-Z][\u00e0-\u00f6\u00f8-\u00fc][A-Z]"
    "|[a-z][\u00c0-\u00d6\u00d8-\u00dc\u0152\u0178][a-z]|[a-z]\u0178"
    "|\u00a3[a-z\u00e0-\u00fc]"
    "|[A-Za-z][\u201a\u0192\u201e\u2020-\u2022\u02c6\u2030\u2039\u201c\u201d\u02dc\u2122"
    "\u203a\u017d\u017e\u0160\u0161\u0178\u00a1-\u00a9\u00ac\u00ae\u00af\u00b1-\u00b6\u00b8\u00b9\u00bb-\u00bf\u00d7\u00f7][A-Za-z]"
)
"""What stands in no text of Western Europe, but in texts of other encodings read as such: three
letters with marks side by side; letters of Icelandic, which stand for those of Turkish; a small
letter between capitals; signs, and letters of Slavic languages, within a word."""
_ARABIC = "\u0621-\u0652\u067e\u0679\u0686\u0688\u0691\u0698\u06a9\u06af\u06ba\u06be\u06c1\u06d2"
_OTHER = (
    "A-Za-z\u00a2-\u00a9\u00ac\u00ae\u00af\u00b1-\u00b9\u00bc-\u00be\u00c0-\u00ff\u0152\u0153\u0192"
    "\u02c6\u2020-\u2022\u2030\u20ac\u2122"
)
_ARABIC_WORD = re.compile(f"[{_ARABIC}]+")
_NO_ARABIC = re.compile(f"[{_ARABIC}][{_OTHER}]|[{_OTHER}][{_ARABIC}]")
"""What stands in no Arabic text, but in texts of other encodings read as such: within one word
letters of Arabic and of others, or signs."""
ARABIC_LETTERS = 40
"""Letters below which nothing is said of Arabic."""
ARABIC_SHARE = 0.1
"""Alef and lam are a fourth of the letters of Arabic, and a sixth of those of Persian; the letters
of Cyrillic that have their bytes are less than a twentieth of theirs. Urdu has about as many as a
ninth, since this code page lacks its commonest letter of all."""
ARABIC_MIXED = 0.02
"""The share of Arabic words that may touch letters of another alphabet: a space was forgotten."""


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
    return f"It holds {_name_of(match[0])}."


def find_disguise(name: str) -> str | None:
    """Say why a name is refused although it would do in prose.

    Args:
        name: the name of an organisation or a place.

    Returns:
        A sentence; None where nothing is wrong with the name.

    >>> find_disguise("\\u041doutis") is None  # a Cyrillic letter that looks like H
    False
    >>> find_disguise('=HYPERLINK("x")')
    'It begins like a formula of a spreadsheet.'
    """
    if _FORMULA.match(name):
        return "It begins like a formula of a spreadsheet."
    if name.isascii():
        return None
    for match in _HIDDEN.finditer(name):
        if not _has_work(name, match.start()):
            return f"It holds {_name_of(match[0])}, which does not show."
    for word in _WORD.findall(name):
        scripts = [script for script, letters in _ALIKE.items() if letters.search(word)]
        if len(scripts) > 1:
            return f"The word '{word}' mixes {' and '.join(scripts)} letters."
    return None


_EMBEDDED = dict.fromkeys([0xAD, *range(0x202A, 0x202D), *range(0x2066, 0x206A)])
_AT_ENDS = "\xad\u061c\u200b\u200e\u200f\u2060\ufeff"


def strip_directions(text: str) -> str:
    """Take embeddings and isolates of the writing direction out of a cell; and Word's line ends.

    Word processors and messengers put them around names and numbers where Arabic, Persian or Hebrew
    is written. They say nothing once a cell stands alone, and neither do soft hyphens, which stand
    in what was copied out of a PDF. Overrides stay, and are refused.

    >>> strip_directions("\\u202b\\u063a\\u0627\\u0648\\u202c") == "\\u063a\\u0627\\u0648"
    True
    """
    # Word's own end of a line within a paragraph.
    text = text.replace("\v", " ") if "\v" in text else text
    return text if text.isascii() else text.translate(_EMBEDDED)


def trim(cell: str) -> str:
    """Take the spaces around the text of a cell away, and characters around it that do not show.

    >>> trim("\\u200eMali \\u200f")
    'Mali'
    """
    return cell.strip().strip(_AT_ENDS).strip()


def mend_encoding(text: str) -> str:
    """Put right a text in UTF-8 that a program took for Windows-1252 and saved again.

    Only where the whole text can be turned back: then it was hardly ever meant as it stands, since
    each sign above ASCII has to begin and to go on as UTF-8 does.

    Args:
        text: any text.

    Returns:
        The text as it was meant; the same text where nothing tells that it was mangled.

    >>> mend_encoding("C\u00c3\u00b4te d'Ivoire"), mend_encoding("S\u00c3O PAULO")
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
        return text if hostile(found) or find_disguise(found) else mend_encoding(found)
    return text


def code_page_of(lines: Iterable[bytes]) -> str | None:
    """Tell in which code page of Windows a text is written: of Western Europe, or of Arabic.

    Some line is no UTF-8, and none is UTF-8 beyond ASCII. It is Windows-1252, if all bytes are its
    signs, and these stand as the languages of Western Europe have them: never three letters with
    marks side by side (as in Cyrillic, Greek or Arabic read so), and no sign of punctuation or rare
    letter within a word (as in texts of DOS and of older Macs read so). It is Windows-1256, if it
    has at least `ARABIC_LETTERS` letters of Arabic, of which as many are alef and lam as in
    Arabic, Persian and Urdu, and hardly a word mixes them with others (as all texts of other
    alphabets read so do).

    Args:
        lines: the lines of a text.

    Returns:
        'cp1252' or 'cp1256'; None for a text of any other kind, or in doubt.

    >>> code_page_of(["Côte d’Ivoire".encode("cp1252")]), code_page_of([b"Syria"])
    ('cp1252', None)
    >>> code_page_of(["Côte".encode("cp1252"), "Côte".encode()]) is None
    True
    >>> code_page_of(["Москва".encode("cp1251")]) or code_page_of(["Côte".encode("cp850")])
    """
    found, western, arabic = False, True, _Arabic()
    for line in lines:
        if line.isascii():
            continue
        if _is_utf8(line):
            return None
        found = True
        western = western and _is_western(line)
        arabic.look_at(line)
    if found and western:
        return "cp1252"
    return "cp1256" if found and arabic.is_likely() else None


def _is_western(line: bytes) -> bool:
    try:
        return not (_UTF8.search(line) or _NO_WESTERN.search(line.decode("cp1252")))
    except UnicodeDecodeError:
        return False


class _Arabic:
    """Counts what tells Arabic in Windows-1256 from other alphabets in one byte a letter."""

    def __init__(self) -> None:
        self.letters = self.frequent = self.words = self.mixed = 0

    def look_at(self, line: bytes) -> None:
        """Count the letters and words of one more line."""
        text = line.decode("cp1256")
        words = _ARABIC_WORD.findall(text)
        self.words += len(words)
        self.letters += sum(map(len, words))
        self.frequent += text.count("\u0627") + text.count("\u0644")
        self.mixed += len(_NO_ARABIC.findall(text))

    def is_likely(self) -> bool:
        """Tell whether all that was counted is that of a text in Arabic letters."""
        enough = self.letters >= ARABIC_LETTERS
        pure = self.mixed <= ARABIC_MIXED * self.words
        return enough and pure and self.frequent >= ARABIC_SHARE * self.letters


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


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


def _name_of(char: str) -> str:
    return f"U+{ord(char):04X} ({unicodedata.name(char, 'a control, or no character')})"
