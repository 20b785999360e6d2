"""The words of pages and mails, in each language: with times, days, territories and shares."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any
from unicodedata import bidirectional
from zoneinfo import ZoneInfo

from tocsin.errors import TocsinError, UsageError, require
from tocsin.schema.geography.territory import alpha2, by_iso, resolve
from tocsin.schema.tables.anticipated.sentence import parse
from tocsin.share.page import language as brief
from tocsin.share.page.nouns import Count
from tocsin.share.server.database.connection import moment

LANGUAGES = {"en": "English", "fr": "Français", "ar": "العربية"}
RIGHT_TO_LEFT = ("ar",)
ORDERING = {"LRE", "RLE", "LRO", "RLO", "LRI", "RLI", "FSI", "PDF", "PDI"}
"""Kinds of signs that order others (Unicode Standard Annex 9)."""


NUMBER = re.compile(r"\d+")
DISTANCE = re.compile(r"^[\d.,]+(?= (?:km|days?) apart$)")
MONTH = re.compile(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])(?:-[0-9]{2})?")
DAYS = ("since", "data_to", "first", "last")
SHARES = ("probability", "p_any", "p_25", "coverage")
"""Parts of objects that are days or months, and those that are shares of one."""
TIE = re.compile(r"(?P<tie>[^;]+\)), (?P<share>\d+)% of the rate")
ACTIVE, FOUGHT = "both active in ", "both fought "
"""How briefs begin what they say of ties that incidents show."""


@dataclass(frozen=True)
class Told:
    """This is a sentence as it is told."""

    text: str
    english: bool = False
    """Is it in English, since the page's language has no words for it?"""


class Words:
    """These are the words of the pages in one language; a word that is missing is an error.

    >>> Words("fr")("sign_in")
    'Se connecter'
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        self._told = _read_words(language)

    def __call__(self, key: str, **values: object) -> str:
        """Give the words under a key, with values put in, which change no order around them."""
        found = self._told[key]
        if not values:
            return str(found)
        return str(found).format(**{name: self._apart(one) for name, one in values.items()})

    def of(self, table: str, key: str) -> str:
        """Give the word for a key of a table, or the key itself where there is none."""
        return str(self._told[table].get(key, key))

    def error(self, text: str) -> Told:
        """Say a sentence of an error, which the program has in English.

        Args:
            text: the sentence; a number in it may be any.

        Returns:
            The sentence in the language, or in English where it has none.
        """
        forms, numbers = self.table("errors"), NUMBER.findall(text)
        form = forms.get(text) or forms.get(NUMBER.sub("{n}", text) if len(numbers) == 1 else "")
        if form is None:
            return Told(text, english=True)
        return Told(form.replace("{n}", numbers[0]) if numbers else form)

    def agreement(self, text: str) -> Told:
        """Say how far two reports agree, which linkage has in English.

        Args:
            text: the level of a comparison; a distance in it may be any.

        Returns:
            It in the language, or in English where it has none.
        """
        forms, numbers = self.table("agreements"), DISTANCE.findall(text)
        form = forms.get(text) or forms.get(DISTANCE.sub("{n}", text))
        if form is None:
            return Told(text, english=True)
        shown = numbers[0].replace(".", self("decimal")) if numbers else ""
        return Told(form.replace("{n}", shown))

    def table(self, name: str) -> Mapping[str, str]:
        """Give a whole table of words."""
        found: Mapping[str, str] = self._told[name]
        return found

    def time(self, micros: int) -> str:
        """Write a time with its zone; in a text from right to left it stays from left to right."""
        return self.isolate(f"{moment(micros):%Y-%m-%d %H:%M} UTC")

    def iso(self, micros: int) -> str:
        """Write a time for machines, as ISO 8601 has it."""
        return f"{moment(micros):%Y-%m-%dT%H:%M:%SZ}"

    def clock(self, at: datetime, zone: ZoneInfo) -> str:
        """Write a time on the clock of a zone, with its difference from UTC."""
        local = at.astimezone(zone)
        offset = f"{local:%z}"
        return self.isolate(f"{local:%Y-%m-%d %H:%M} (UTC{offset[:3]}:{offset[3:5]})")

    def isolate(self, text: str) -> str:
        """Keep a text from left to right in its order within a plain text from right to left."""
        return f"\u2066{text}\u2069" if self.direction == "rtl" else text

    def _apart(self, value: object) -> object:
        """Isolate a value that runs against its sentence: a name in the other script, a sign.

        Signs that order others are left out of it, since they could turn around what follows
        (Unicode Standard Annex 9; first strong isolate, 2.4).
        """
        if isinstance(value, int):
            return Count(f"{value}", value, self.language)
        if not isinstance(value, str):
            return value
        plain = "".join(sign for sign in value if bidirectional(sign) not in ORDERING)
        if plain != value == self.isolate(plain):
            # A time, which was isolated here.
            return value
        other = {"L"} if self.direction == "rtl" else {"R", "AL"}
        is_signed = self.direction == "rtl" and plain.startswith(("+", "-", "−"))
        against = is_signed or any(bidirectional(sign) in other for sign in plain)
        return f"\u2068{plain}\u2069" if against else plain

    def month(self, text: str) -> str:
        """Write a month, given as 2026-11, or a day of it, in words."""
        dates = require("babel.dates", extra="server")
        day = date.fromisoformat(f"{text[:7]}-01")
        return str(dates.format_date(day, "LLLL y", locale=self.language))

    def day(self, text: str) -> str:
        """Write a day, given as 2026-11-02, in words; what is no day stays as it is."""
        try:
            return brief.write_day(date.fromisoformat(text), self.language, "d MMMM y")
        except ValueError:
            return text

    def days(self, first: str, last: str) -> str:
        """Write a day, or a first and a last day; nothing where none is known."""
        known = list(dict.fromkeys(filter(None, (first, last))))
        return " – ".join(map(self.day, known)) or self("unknown")

    def list_words(self, table: str, keys: Sequence[str]) -> str:
        """Write words of a table as a list, with the language's word for 'and'."""
        lists = require("babel.lists", extra="server")
        told = [self.of(table, one) for one in keys]
        return str(lists.format_list(told, locale=self.language))

    def territory(self, code: str) -> str:
        """Name a territory by its ISO 3166 alpha-3 code; a code that nobody has stays as it is."""
        if not code:
            return self("region")
        babel = require("babel", extra="server")
        try:
            state = by_iso(code)
        except TocsinError:
            return code
        names = babel.Locale.parse(self.language).territories
        return str(names.get(alpha2(state.gwno) or "", state.name))

    def foreseen(self, target: str, data_to: str) -> str:
        """Say what a forecast counts, from data up to which month.

        Args:
            target: the series, such as 'ged_sb'; empty where the forecast does not say.
            data_to: the month, as 2022-12.

        >>> Words("en").foreseen("ged_sb", "2022-12")[:38]
        'Deaths a month in state-based conflict'
        """
        if not target:
            return self("forecast_untold", month=self.month(data_to))
        month = self.month(data_to)
        return self("forecast_long", violence=self._violence(target), month=month)

    def deaths_in(self, target: str) -> str:
        """Say of which violence deaths are counted; nothing where a forecast does not say.

        >>> Words("en").deaths_in("ged_sb")
        'Deaths in state-based conflict'
        """
        return self("deaths_in", violence=self._violence(target)) if target else ""

    def part_of(self, target: str) -> str:
        """Say that a warning counts deaths of some violence only, beside incidents of all kinds.

        >>> Words("en").part_of("ged_sb")[:56]
        'The warning is of deaths in state-based conflict alone: '
        """
        return self("part_of", violence=self._violence(target))

    def _violence(self, target: str) -> str:
        return brief.Words(self.language).word("violence", target)

    def rule(self, sentence: str) -> str:
        """Say in this language what a rule watches for; nothing where its sentence is not known.

        The territories that it may name are left out: they stand beside it.

        >>> Words("fr").rule("at least 25 deaths within 3 months, probability above 0.5")
        'au moins 25 décès en 3 mois, alerte au-delà d’une probabilité de 50\\xa0%'
        """
        rule = None if self.language == "en" else _settings(sentence)
        if rule is None:
            return ""
        said: dict[str, object] = {n: rule[n] for n in ("deaths", "quiet") if n in rule}
        if technology := rule.get("technology"):
            said["technology"] = self.of("technologies", technology)
        forms, kind = self.table("rules"), rule["kind"].replace("-", "_")
        found = self._fill(forms[kind], {"months": rule["within"], **said})
        if "probability" in rule:
            above = {"threshold": self.percent(rule["probability"])}
            found += self._fill(forms["above"], above)
        if "cost" in rule:
            weighed = {name: f"{rule[name]:.10g}" for name in ("cost", "loss")}
            found += self._fill(forms["cost"], weighed)
        return found

    def _fill(self, text: str, values: Mapping[str, object]) -> str:
        return text.format(**{name: self._apart(value) for name, value in values.items()})

    def ties(self, sentence: str) -> Told:
        """Say which ties add most, which briefs say in English.

        Args:
            sentence: such as 'SNA (both active in Syria), 43% of the rate; …'. What a source says
                of a tie stays as the source has it.

        Returns:
            The same in the language, or in English where it is of another form.
        """
        found = [TIE.fullmatch(one) for one in sentence.split("; ")]
        told = []
        for one in found:
            apart = _last_bracket(one["tie"]) if one else None
            if one is None or apart is None:
                return Told(sentence, english=True)
            name, why = apart
            share = self("percent", n=one["share"])
            told.append(self("tie", name=name, why=self._why(why), share=share))
        return Told(self("tie_after").join(told))

    def _why(self, said: str) -> str:
        if said.startswith(FOUGHT):
            return self("both_fought", name=said.removeprefix(FOUGHT))
        if not said.startswith(ACTIVE):
            return said
        name = said.removeprefix(ACTIVE)
        try:
            code = alpha2(resolve(name).gwno)
        except TocsinError:
            code = None
        return self("both_active", name=self.territory(code) if code else name)

    def part(self, path: str) -> str:
        """Name a part of an object by where it stands; the path itself where a name is unknown.

        >>> Words("en").part("months/2026-12/p50")
        'months, December 2026, median'
        """
        names = [self.month(one) if MONTH.fullmatch(one) else self._told["parts"].get(one)
                 for one in path.split("/")]  # fmt: skip
        return path if None in names else self("comma").join(map(str, names))

    def content(self, path: str, text: str) -> str:
        """Say what stands in a part of an object; as JSON has it where the language has no words.

        Nothing is rounded or cut, since somebody takes it over by what is shown.

        Args:
            path: where it stands, such as `level`.
            text: what stands there, as JSON; empty: nothing.
        """
        return self._content(path.rpartition("/")[2], json.loads(text) if text else None)

    def _content(self, name: str, value: Any) -> str:
        if value is None:
            return self("corrected_none")
        if isinstance(value, dict) and value and all(one in self.table("parts") for one in value):
            told = [f"{self.part(one)} {self._content(one, inner)}" for one, inner in value.items()]
            return self("tie_after").join(told)
        found = ""
        if isinstance(value, str):
            found = self._word(name, value)
        elif name in SHARES and isinstance(value, int | float) and not isinstance(value, bool):
            exact = f"{100 * Decimal(str(value)):f}" if 0 <= value <= 1 else ""
            found = exact and self("percent", n=f"{Decimal(exact).normalize():f}")
        return found or json.dumps(value, ensure_ascii=False, sort_keys=True)

    def _word(self, name: str, value: str) -> str:
        """A level, a kind of event, a month or a day in words; nothing where it is none."""
        if name in ("level", "kind"):
            return str(self.table("levels" if name == "level" else "choices").get(value, ""))
        if name in DAYS and MONTH.fullmatch(value):
            return self.month(value) if len(value) == len("2026-11") else self.day(value)
        return ""

    def decimal(self, value: float, form: str) -> str:
        """Write a number with the language's sign before decimals, and a minus that is one.

        >>> Words("fr").decimal(-1.25, "+.1f")
        '−1,2'
        """
        return format(value, form).replace("-", "−").replace(".", self("decimal"))

    def percent(self, share: float) -> str:
        """Write a share as a percentage; what is not certain is not written as certain."""
        if share > 0.99:
            return self("over", percent=self("percent", n=99))
        if share < 0.01:
            return self("under", percent=self("percent", n=1))
        return self("percent", n=f"{100 * share:.0f}")


def _last_bracket(text: str) -> tuple[str, str] | None:
    """What stands before the last bracket of a text that ends with one, and what within it.

    Both may have brackets of their own. None: the brackets are not in pairs, or nothing is before.

    >>> _last_bracket("CPI (Maoist) (both active in India)")
    ('CPI (Maoist)', 'both active in India')
    """
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(text[at], 0)
        if depth == 0:
            name, why = text[:at].rstrip(), text[at + 1 : -1]
            return (name, why) if name and text[at] == "(" else None
    return None


@lru_cache(maxsize=1024)
def _settings(sentence: str) -> dict[str, Any] | None:
    """What a rule's sentence says; None where it is of another form."""
    try:
        return parse(sentence)
    except UsageError:
        return None


@cache
def _read_words(language: str) -> dict[str, Any]:
    text = files("tocsin.share.server.pages").joinpath(f"words/{language}.toml")
    return tomllib.loads(text.read_text("utf-8"))
