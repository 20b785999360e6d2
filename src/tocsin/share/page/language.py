"""The languages of the plain pages: their sentences, and how each writes numbers, days and states.

The sentences stand in a file a language (`en.toml`, `fr.toml`, `ar.toml`). Names of months and
states, lists and numbers follow the language's rules (Unicode CLDR, by Babel).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from tocsin.base.display.bounds import round_bound
from tocsin.errors import UsageError, require
from tocsin.schema.geography.grammar import in_french, with_the
from tocsin.schema.geography.territory import alpha2
from tocsin.share.facts.words import Facts, write_minus
from tocsin.share.page.nouns import Count

LANGUAGES = ("en", "fr", "ar")
RIGHT_TO_LEFT = ("ar",)
OWN_NAMES = {"en": "English", "fr": "français", "ar": "العربية"}
"""What each language calls itself."""
APART = {"en": "; ", "fr": "\u00a0; ", "ar": "\u061b "}
"""What stands between parts of a cell, with its space."""


def write_day(day: date, language: str, form: str = "long") -> str:
    """Write a day as a language does; in French the first of a month is an ordinal.

    Args:
        day: the day.
        language: one of `LANGUAGES`.
        form: a form of dates of Unicode's CLDR, which begins with the day in French.

    >>> write_day(date(2022, 1, 1), "fr"), write_day(date(2022, 1, 21), "fr")
    ('1er janvier 2022', '21 janvier 2022')
    """
    said = str(require("babel.dates", extra="share").format_date(day, form, locale=language))
    return re.sub(r"^1(?= )", "1er", said) if language == "fr" else said


def page_name(stem: str, language: str) -> str:
    """Give the name of the file that holds a page in a language; the first one needs no mark.

    >>> page_name("plan", "en"), page_name("plan", "ar")
    ('plan.html', 'plan.ar.html')
    """
    return f"{stem}.html" if language == LANGUAGES[0] else f"{stem}.{language}.html"


class Words:
    """This holds the sentences of one language, and how it writes numbers, dates, lists and states.

    A page of its own has a class of its own, whose `PAGE` names the file of its sentences.

    Raises:
        UsageError: there is no such language.
        MissingExtra: Babel, of the extra `share`, is not installed.
    """

    PAGE = ""
    """A file in `words/` with the sentences of one page in all languages; else the first page's."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise UsageError(
                f"There is no first page in '{language}'.",
                remedy=f"Choose among {', '.join(LANGUAGES)}.",
            )
        self.language = language
        self.direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        self.apart = APART[language]
        self.colon = "\u00a0: " if language == "fr" else ": "
        self.comma = "\u060c " if language == "ar" else ", "
        self._said = read_words(self.PAGE)[language] if self.PAGE else _catalogue(language)
        self._babel = require("babel", extra="share")

    def say(self, key: str, **values: object) -> str:
        """Give a sentence with its blanks filled.

        Args:
            key: the name of the sentence.
            values: what stands in its blanks, by their names; a blank with a noun, `{n:death}`,
                needs a number that `number` wrote.
        """
        if self.direction == "rtl":
            # A name in another script is kept apart, or it would turn the marks beside it around
            # (Unicode Standard Annex 9, first strong isolate).
            values = {
                name: value.isolate() if isinstance(value, Count) else f"\u2068{value}\u2069"
                for name, value in values.items()
            }
        return str(self._said[key]).format(**values)

    def word(self, group: str, key: str) -> str:
        """Give a word of a closed list; a key that the list does not know stays as it is.

        A list may say how such a key is told, in its line `another`: a series of one's own has a
        name that no list knows.

        Args:
            group: the name of the list.
            key: the word that stands for it in the code.
        """
        found: Mapping[str, str] = self._said[group]
        return found.get(key) or found.get("another", "{name}").format(name=key)

    def number(self, value: float) -> Count:
        """Write a number without decimals, with the language's separators."""
        said = self._format("numbers").format_decimal(round(value), locale=self.language)
        return Count(write_minus(str(said)), round(value), self.language)

    def percent(self, share: float) -> str:
        """Write a share (0 to 1) in per cent, and never as nought or all unless it is so."""
        shown = min(max(share, 0.01), 0.99) if 0 < share < 1 else share
        return self.per_cent(shown)

    def per_cent(self, share: float, form: str | None = None) -> str:
        """Write a share (0 to 1) in per cent as it is, with the sign of the language's texts.

        Args:
            share: what is written; 1 is 100 %.
            form: a pattern of Unicode's CLDR, such as `0.0%`; the language's own if there is none.
        """
        told = self._format("numbers").format_percent(share, format=form, locale=self.language)
        said = write_minus(str(told))
        return said.replace("%", "٪") if self.language == "ar" else said

    def bound(self, share: float, *, most: bool = False, decimals: int = 1) -> str:
        """Write a share in per cent that is claimed: a least is cut, a most is rounded up.

        Args:
            share: from 0 to 1.
            most: it says 'at most'; otherwise 'at least'.
            decimals: how many of the per cent are written.
        """
        form = self._babel.Locale(self.language).percent_formats[None].pattern
        shown = "#,##0" + ("." + "0" * decimals if decimals else "")
        cut = round_bound(share, most=most, decimals=decimals + 2)
        return self.per_cent(cut, form.replace("#,##0", shown))

    def written(self, text: str) -> str:
        """Write the numbers and the signs of an English list as the language does.

        Args:
            text: such as 'Syria: 45%; Iraq: 2.5'.
        """
        if self.language == "en":
            return text
        text = re.sub(r"(?<=\d)%", "٪" if self.language == "ar" else "\u00a0%", text)
        text = re.sub(r"(?<=\d)\.(?=\d)", "." if self.language == "ar" else ",", text)
        for sign, own in (("; ", self.apart), (": ", self.colon), (", ", self.comma)):
            text = text.replace(sign, own)
        return text

    def month(self, day: date) -> str:
        """Write the month and the year of a day."""
        return str(self._format("dates").format_date(day, "MMMM y", locale=self.language))

    def day(self, day: date) -> str:
        """Write a day in full, as the language does."""
        return write_day(day, self.language)

    def list_items(self, items: Sequence[str]) -> str:
        """Write items as the language lists them: a, b and c."""
        return str(self._format("lists").format_list(list(items), locale=self.language))

    def territory(self, row: Facts) -> str:
        """Give a state's name in the language, or tocsin's own name where the language has none.

        Args:
            row: a territory among the facts, with `gwno` and `territory`.
        """
        name = str(row["territory"])
        if self.language == "en":
            return name
        code = alpha2(row["gwno"])
        names: Mapping[str, str] = self._babel.Locale(self.language).territories
        return names.get(code or "", name)

    def named(self, region: str) -> str:
        """Give the region's own name as it stands within a sentence; it may be a state's."""
        return with_the(region) if self.language == "en" else region

    def in_place(self, row: Facts) -> str:
        """Give a territory's name as it stands behind 'in'; in French with what stands for 'in'.

        Args:
            row: a territory among the facts, with `gwno` and `territory`.
        """
        name = self.territory(row)
        if self.language == "en":
            return with_the(name)
        return in_french(name, row["gwno"]) if self.language == "fr" else name

    def quote_sources(self, rows: Sequence[Facts]) -> str:
        """Name data sets within a sentence; those of the workspace's own stand in quotes.

        Args:
            rows: of the facts `citations`.
        """
        quoted = [[self.say("quoted", name=one) for one in row["own"]] for row in rows]
        return self.word("word", "between").join(
            self.list_items(own) if own else str(row["name"])
            for row, own in zip(rows, quoted, strict=True)
        )

    def _format(self, module: str) -> Any:
        return require(f"babel.{module}", extra="share")


def other_languages(
    stem: str, language: str, among: Sequence[str] = LANGUAGES
) -> list[dict[str, str]]:
    """Name the same page in the other languages: `language`, `file` and `name` of each.

    Args:
        stem: how the page's files begin.
        language: the language of the page that names them.
        among: the languages that there are.
    """
    return [
        {"language": one, "file": page_name(stem, one), "name": OWN_NAMES[one]}
        for one in among
        if one != language
    ]


@cache
def read_words(name: str) -> dict[str, Any]:
    """Read a file of sentences, in which each language has its part.

    Args:
        name: the file's name in `words/`, without its end.
    """
    return tomllib.loads(
        files("tocsin.share.page").joinpath(f"words/{name}.toml").read_text("utf-8")
    )


@cache
def _catalogue(language: str) -> dict[str, Any]:
    text = files("tocsin.share.page").joinpath(f"words/{language}.toml").read_text("utf-8")
    if language == "fr":
        # A French sign that stands apart from its word must not begin a line.
        text = re.sub(r" (?=[:;!?»%])|(?<=«) ", "\u00a0", text)
    return tomllib.loads(text)
