"""A number with what it counts, in each language: '1 incident', 'un incident', 'حادثان'.

What stands beside a number changes with it: the noun, and the verb too. Each language has its own
classes of numbers (Unicode CLDR, by Babel): English two, French two below a million, Arabic six.
The forms stand in `words/nouns.toml`; a sentence names one behind its number, as in
`{count:incident}`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from tocsin.errors import require

Forms = Mapping[str, str]


class Count(str):
    """A number as it is written, which writes what it counts beside it when a sentence asks.

    Args:
        written: the number as the language writes it.
        value: the number that is written.
        language: one of the languages of pages.

    >>> "{n:death}, {n:were} {n}".format(n=Count("1", 1, "en"))
    '1 death, was 1'
    """

    value: float
    language: str

    def __new__(cls, written: str, value: float, language: str) -> Count:
        """Make one of a number and how it is written."""
        made = super().__new__(cls, written)
        made.value, made.language = value, language
        return made

    def __format__(self, noun: str) -> str:
        """Write the number alone, or with what it counts.

        Args:
            noun: what is counted, a key of `words/nouns.toml`.

        Raises:
            KeyError: the language has no such noun.
        """
        if not noun:
            return str(self)
        forms = noun_forms(self.language)[noun]
        return forms[class_of(self.value, self.language, forms)].format(n=str(self))

    def isolate(self) -> Count:
        """Keep its signs apart from a sentence that runs the other way."""
        return Count(f"\u2068{self}\u2069", self.value, self.language)


def class_of(value: float, language: str, forms: Forms) -> str:
    """Tell which form stands beside a number: its class in the language, of those there are.

    Args:
        value: the number.
        language: one of the languages of pages.
        forms: a form by class; `other` is among them. A form `zero` is for nought in any language.

    >>> class_of(3, "ar", {"few": "", "other": ""}), class_of(0, "fr", {"one": "", "other": ""})
    ('few', 'one')
    """
    if value == 0 and "zero" in forms:
        return "zero"
    found = str(require("babel", extra="share").Locale(language).plural_form(abs(value)))
    return found if found in forms else "other"


@cache
def noun_forms(language: str) -> Mapping[str, Forms]:
    """Give what is counted in a language: forms by class, by name.

    Args:
        language: one of the languages of pages.
    """
    text = files("tocsin.share.page").joinpath("words/nouns.toml").read_text("utf-8")
    told = tomllib.loads(text)[language]
    if language != "fr":
        return dict(told)
    # A French number must not stand at the end of a line without what it counts.
    return {
        name: {one: re.sub(r"(?<=\{n\}) ", "\u00a0", form) for one, form in forms.items()}
        for name, forms in told.items()
    }
