"""Drawing pages: the language, the words, the templates, and files that pages load."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from tocsin.errors import TocsinError, require
from tocsin.schema.geography.territory import alpha2, by_iso
from tocsin.share.page.template import environment
from tocsin.share.server.access.reader import HANDLE, NOBODY, OVERSEE, REPORT
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database.connection import moment

LANGUAGES = {"en": "English", "fr": "Français", "ar": "العربية"}
LANGUAGE_COOKIE = "__Host-tocsin-language"
KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
RIGHT_TO_LEFT = ("ar",)
TEMPLATES = "server/pages/templates"


class Words:
    """These are the words of the pages in one language; a word that is missing is an error.

    >>> Words("fr")("sign_in")
    'Se connecter'
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        self._told = _told(language)

    def __call__(self, key: str, **values: object) -> str:
        """Give the words under a key, with values put in."""
        found = self._told[key]
        return str(found).format(**values) if values else str(found)

    def of(self, table: str, key: str) -> str:
        """Give the word for a key of a table, or the key itself where there is none."""
        return str(self._told[table].get(key, key))

    def table(self, name: str) -> Mapping[str, str]:
        """Give a whole table of words."""
        found: Mapping[str, str] = self._told[name]
        return found

    def time(self, micros: int) -> str:
        """Write a time with its zone; in a text from right to left it stays from left to right."""
        told = f"{moment(micros):%Y-%m-%d %H:%M} UTC"
        return f"\u2066{told}\u2069" if self.direction == "rtl" else told

    def month(self, text: str) -> str:
        """Write a month, given as 2026-11, or a day of it, in words."""
        dates = require("babel.dates", extra="server")
        day = date.fromisoformat(f"{text[:7]}-01")
        return str(dates.format_date(day, "LLLL y", locale=self.language))

    def day(self, text: str) -> str:
        """Write a day, given as 2026-11-02, in words; what is no day stays as it is."""
        dates = require("babel.dates", extra="server")
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return text
        return str(dates.format_date(day, "d MMMM y", locale=self.language))

    def days(self, first: str, last: str) -> str:
        """Write a day, or a first and a last day; nothing where none is known."""
        known = list(dict.fromkeys(filter(None, (first, last))))
        return " – ".join(map(self.day, known)) or self("unknown")

    def listed(self, table: str, keys: Sequence[str]) -> str:
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

    def percent(self, share: float) -> str:
        """Write a share as a percentage; what is not certain is not written as certain."""
        if share > 0.99:
            return self("over", percent=self("percent", n=99))
        if share < 0.01:
            return self("under", percent=self("percent", n=1))
        return self("percent", n=f"{100 * share:.0f}")


@cache
def _told(language: str) -> dict[str, Any]:
    text = files("tocsin.share.server.pages").joinpath(f"words/{language}.toml")
    return tomllib.loads(text.read_text("utf-8"))


def language_of(request: Request, signed: SignedIn | None = None) -> str:
    """Choose the language of a page: as the address says, as chosen before, as the browser asks."""
    said = request.query_params.get("lang", "") or request.cookies.get(LANGUAGE_COOKIE, "")
    if said in LANGUAGES:
        return said
    if signed is not None and signed.language in LANGUAGES and signed.language != "en":
        return signed.language
    for part in request.headers.get("accept-language", "").split(","):
        code = re.split(r"[-;]", part.strip())[0].lower()
        if code in LANGUAGES:
            return code
    return "en"


def draw(
    request: Request, template: str, signed: SignedIn | None = None, *, status: int = 200,
    language: str = "", played: bool = False, **values: Any,
) -> HTMLResponse:  # fmt: skip
    """Draw a page.

    Args:
        request: the request.
        template: the template's name, without its ending.
        signed: who asks.
        status: the answer's status.
        language: the language; empty: as `language_of` finds.
        played: True where what is shown belongs to an exercise.
        values: what the template shows.

    Returns:
        The page.
    """
    words = Words(language or language_of(request, signed))
    verbs = (signed.reader if signed else NOBODY).verbs
    drawn = environment(TEMPLATES, extra="server").get_template(f"{template}.html.j2")
    text = drawn.render(
        words=words, signed=signed, languages=LANGUAGES, path=request.url.path, version=version(),
        csrf=signed.csrf if signed else "", can_report=REPORT in verbs,
        played=played, exercise=request.app.state.service.database.exercise,
        can_oversee=OVERSEE in verbs, can_handle=HANDLE in verbs, **values,
    )  # fmt: skip
    found = HTMLResponse(text, status)
    if request.query_params.get("lang") in LANGUAGES:
        found.set_cookie(
            LANGUAGE_COOKIE, words.language, max_age=31_536_000, secure=True, httponly=True,
            samesite="lax",
        )  # fmt: skip
    return found


def draw_problem(request: Request, status: int, error: TocsinError) -> Response:
    """Draw an error as a page, in the words of its language."""
    words = Words(language_of(request))
    # Texts of errors are in English; the page says what kind it is in the reader's language.
    kind = words.table("problems").get(str(status), words.table("problems")["other"])
    return draw(request, "problem", status=status, kind=kind, error=error)


@cache
def assets() -> dict[str, bytes]:
    """Read the files that pages load, by name."""
    folder = files("tocsin.share.server.pages").joinpath("assets")
    return {one.name: one.read_bytes() for one in sorted(folder.iterdir(), key=lambda f: f.name)}


@cache
def version() -> str:
    """Give a short digest of all that a phone keeps for use offline; it changes when that does."""
    folder = files("tocsin.share.server.pages")
    whole = hashlib.sha256()
    for part in ("assets", "templates", "words"):
        for one in sorted(folder.joinpath(part).iterdir(), key=lambda f: f.name):
            whole.update(one.read_bytes())
    return whole.hexdigest()[:12]
