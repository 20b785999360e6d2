"""Folding: one form for spellings of a name that differ in case, accents or signs only.

All foldings of the house are this one, with options that say what a purpose wants. Two purposes
need not agree on what is one name: a column's name is split where small letters meet capitals,
an organisation's name in Arabic letters is read as its transliteration. Each purpose is a
constant here, so that who compares names takes one of them and writes no other.
docs/decisions/0066-one-folding.md says why each wants what it wants.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, cached_property, lru_cache

import polars as pl

APOSTROPHES = "'’‘`´ʼʻʿʾ＇"
"""Signs that texts use for an apostrophe, the Arabic ain or the hamza."""
TATWEEL = "\u0640"
"""Arabic lengthening, which changes no letter."""


SHORT = 200
"""A text of as many characters may be a name, which comes again; a longer one is folded anew."""
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SIGNS = re.compile(r"[\W_]+")


class Signs(Enum):
    """The choices of what becomes of characters that are neither letters nor digits."""

    KEEP = "kept; spaces run together"
    SPACE = "one space for any run of them"
    AS_THEY_ARE = "kept, spaces too, so that patterns see the text's own gaps"


class Apostrophes(Enum):
    """The choices of what becomes of apostrophes; they are treated before the other signs."""

    KEEP = "kept as they are"
    ONE = "all become the straight one"
    DROP = "left out: Sana'a is sanaa"


@dataclass(frozen=True)
class Folding:
    """The rules by which a purpose takes spellings for one; accents always go (NFKD without
    marks).

    Attributes:
        lower: capitals become small letters, by Unicode's case folding.
        signs: see `Signs`.
        apostrophes: see `Apostrophes`.
        camel: a space goes between a small letter and the capital after it, 'EventDate'.
        unseen: characters that are not seen (category Cf) and Arabic lengthening go.
        letters: letters that are written as others, after all else but signs.
    """

    lower: bool = True
    signs: Signs = Signs.KEEP
    apostrophes: Apostrophes = Apostrophes.KEEP
    camel: bool = False
    unseen: bool = False
    letters: Mapping[str, str] = field(default_factory=dict, hash=False)

    def fold(self, text: str) -> str:
        """Return the text in the one form that all its spellings share.

        >>> LINKED_NAMES.fold("Deir-ez-Zôr  (Town)"), HEADINGS.fold("EventDate")
        ('deir ez zor town', 'event date')
        """
        return self._kept(text) if len(text) <= SHORT else self._fold(text)

    @cached_property
    def _kept(self) -> Callable[[str], str]:
        """Folding that knows what it folded before: a file names the same few states and sides."""
        return lru_cache(maxsize=20_000)(self._fold)

    def _fold(self, text: str) -> str:
        if self.camel:
            text = _HUMP.sub(" ", text)
        if self._apostrophes:
            text = text.translate(self._apostrophes)
        text = self._bare(text)
        if self._apostrophes and not text.isascii():
            # A letter such as U+0149 holds one, which comes out only when it is taken apart.
            text = text.translate(self._apostrophes)
        if self.signs is Signs.SPACE:
            return _SIGNS.sub(" ", text).strip()
        return " ".join(text.split()) if self.signs is Signs.KEEP else text

    def fold_with_places(self, text: str) -> tuple[str, range | list[int]]:
        """Fold a text, and tell for each character of the result where it stood in the text.

        It serves only foldings that leave signs and apostrophes as they are.

        Returns:
            The folded text, and as many positions in the given text, counted from 0.
        """
        if text.isascii():
            return self._bare(text), range(len(text))
        folded, places = [], []
        for place, character in enumerate(text):
            plain = self._seen.get(character)
            if plain is None:
                plain = self._seen[character] = self._bare(character)
            folded.append(plain)
            places.extend([place] * len(plain))
        return "".join(folded), places

    def _bare(self, text: str) -> str:
        if text.isascii():
            return text.casefold() if self.lower else text
        text = unicodedata.normalize("NFKD", text)
        # Marks go first: the small form of the iota below a letter (U+0345) would be a letter.
        text = "".join(c for c in text if not unicodedata.combining(c))
        text = text.casefold() if self.lower else text
        if self.unseen:
            text = "".join(c for c in text if c != TATWEEL and unicodedata.category(c) != "Cf")
        return text.translate(self._letters) if self.letters else text

    @cached_property
    def _seen(self) -> dict[str, str]:
        """Characters that were folded before; there are only so many."""
        return {}

    @cached_property
    def _letters(self) -> dict[int, str]:
        return str.maketrans(dict(self.letters))

    @cached_property
    def _apostrophes(self) -> dict[int, str] | None:
        if self.apostrophes is Apostrophes.KEEP:
            return None
        put = "'" if self.apostrophes is Apostrophes.ONE else ""
        return str.maketrans(dict.fromkeys(APOSTROPHES, put))


def without_unseen(text: str) -> str:
    """Write compatible characters as one (NFKC), without those that are not seen (category Cf).

    >>> without_unseen("\\u200e13\\u200e")
    '13'
    """
    shown = unicodedata.normalize("NFKC", text)
    return "".join(one for one in shown if unicodedata.category(one) != "Cf")


def plain_digits(text: str) -> str:
    """Write the digits of any script as those of ASCII; all else stays.

    >>> plain_digits("٣ قتلى, १२")
    '3 قتلى, 12'
    """
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)


def fold_in_place(text: str) -> str:
    """Remove the accents of a text; every character keeps its position, and capitals stay.

    Returns:
        A text of the same length.

    >>> fold_in_place("Séléka")
    'Seleka'
    """
    if text.isascii():
        return text
    return "".join(unicodedata.normalize("NFKD", one)[:1] or " " for one in text)


def fold_texts(texts: pl.Expr) -> pl.Expr:
    """Fold whole columns nearly as `TEXTS` does: what `TEXTS` folds to one form, this does too.

    It makes small letters by Unicode's simple mapping, so that 'ß' stays. Use it to pass over the
    many texts that a pattern cannot match, and not to say where a pattern matches.

    Args:
        texts: an expression of type String.

    Returns:
        An expression of type String.
    """
    return texts.str.normalize("NFKD").str.to_lowercase().str.replace_all(_unseen(), "")


_BEYOND_MARKS = 0x20000
"""No mark that combines stands behind the first two planes of Unicode, which a test looks at; to
ask every character took a quarter of a second of each run."""


@cache
def _unseen() -> str:
    r"""Write the pattern of what `TEXTS` leaves out.

    That is less than all marks (`\p{M}`): the vowels of Hindi, Burmese or Bengali are marks, too,
    and without them a word is another.
    """
    marks = "".join(f"\\x{{{c:x}}}" for c in range(_BEYOND_MARKS) if unicodedata.combining(chr(c)))
    return rf"[{marks}\p{{Cf}}\x{{0640}}]"


# Values of the Arabic letters near ISO 233, without the long vowels that Latin spellings vary.
_ARABIC = "ا:a ب:b ت:t ث:th ج:j ح:h خ:kh د:d ذ:dh ر:r ز:z س:s ش:sh ص:s ض:d ط:t ظ:z ع: غ:gh"
_ARABIC += " ف:f ق:q ك:k ل:l م:m ن:n ه:h و:w ي:y ة:a ى:a ء: أ:a إ:i آ:a ؤ:w ئ:y پ:p چ:ch گ:g"

TERRITORIES = Folding(apostrophes=Apostrophes.ONE)
"""Names of territories: signs count, since a list of known spellings has them."""
HEADINGS = Folding(signs=Signs.SPACE, apostrophes=Apostrophes.ONE, camel=True, letters={"ى": "ي"})
"""Names of columns, and the words in them."""
LINKED_NAMES = Folding(signs=Signs.SPACE, apostrophes=Apostrophes.DROP)
"""Places and parties that linkage compares, letter by letter, after folding."""
ORGANISATIONS = Folding(
    apostrophes=Apostrophes.ONE,
    letters={pair[0]: pair[2:] for pair in _ARABIC.split(" ")},
)
"""Names of organisations, in Latin or Arabic letters."""
TEXTS = Folding(signs=Signs.AS_THEY_ARE, unseen=True)
"""Running text, in which patterns look for words."""
PATTERNS = Folding(signs=Signs.AS_THEY_ARE, unseen=True, lower=False)
r"""Patterns that look into `TEXTS`: small letters would turn \W into \w."""

ARTICLE_WORDS = (
    "al el ul ad ar as ash at an az the of and de la le les du des del los las y et wa wal "
    "l d for in pour para fi li bi a"
)
"""Words of an organisation's name that do not count when names are compared."""
ARTICLES = frozenset(ARTICLE_WORDS.split())
SEALED = "sha256:"
"""What a seal begins with; no name does."""


def seal(name: str) -> str:
    """Give a digest by which a name is known again and cannot be read.

    A user's own list may have a person's name where an organisation's belongs, and nobody can tell
    which of two unknown names is which. So such a list is kept by the seals of its names
    (docs/decisions/0177-names-that-nobody-knows.md). Whoever has a name already can find out
    whether its seal is there.

    Args:
        name: a name or an id, or a seal, which stays as it is.

    Returns:
        `sha256:` and 64 hexadecimal digits, the same for all spellings that `LINKED_NAMES` folds
        to one.

    >>> seal("Séléka") == seal("SELEKA") == seal(seal("Seleka")), seal("Seleka")[:13]
    (True, 'sha256:1d8890')
    """
    if name.startswith(SEALED):
        return name
    return SEALED + hashlib.sha256(LINKED_NAMES.fold(name).encode()).hexdigest()


def acronym(name: str) -> str:
    """Return the initials of the words that count, in small letters; empty for a single word.

    >>> acronym("Lord's Resistance Army")
    'lra'
    """
    words = re.findall(r"[^\W\d_]+", ORGANISATIONS.fold(name).replace("'", ""))
    kept = [word for word in words if word not in ARTICLES]
    return "".join(word[0] for word in kept) if len(kept) >= 2 else ""
