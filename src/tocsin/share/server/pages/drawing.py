"""Drawing pages: the language, the templates, and files that pages load."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from tocsin.errors import TocsinError
from tocsin.share.page.template import environment
from tocsin.share.server.access.reader import HANDLE, MANAGE, NOBODY, OVERSEE, REPORT
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database.objects import Object
from tocsin.share.server.web.asking import Service
from tocsin.share.server.web.language import LANGUAGES, Words

LANGUAGE_COOKIE = "__Host-tocsin-language"
KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
DAY = 86_400_000_000
"""Microseconds of a day."""
TEMPLATES = "server/pages/templates"


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
        stands_by=request.app.state.service.stands_by,
        can_oversee=OVERSEE in verbs, can_handle=HANDLE in verbs, can_manage=MANAGE in verbs,
        **values,
    )  # fmt: skip
    found = HTMLResponse(text, status)
    if request.query_params.get("lang") in LANGUAGES:
        found.set_cookie(
            LANGUAGE_COOKIE, words.language, max_age=31_536_000, secure=True, httponly=True,
            samesite="lax",
        )  # fmt: skip
    return found


def is_old(here: Service, row: Object) -> bool:
    """Tell whether nothing newer than an object came for too long, by the server's settings."""
    age: int = here.database.time() - row.modified
    return age > here.settings.stale_after_days * DAY


def draw_problem(request: Request, status: int, error: TocsinError) -> Response:
    """Draw an error as a page, in the words of its language."""
    words = Words(language_of(request))
    kind = words.table("problems").get(str(status), words.table("problems")["other"])
    said = [words.error(text) for text in (error.what, error.remedy)]
    return draw(request, "problem", status=status, kind=kind, said=said)


@cache
def assets() -> dict[str, bytes]:
    """Read the files that pages load, by name."""
    folder = files("tocsin.share.server.pages").joinpath("assets")
    return {one.name: one.read_bytes() for one in sorted(folder.iterdir(), key=lambda f: f.name)}


def _files_under(folder: Traversable) -> Iterator[Traversable]:
    """Give the files of a folder and of the folders in it, by name."""
    for one in sorted(folder.iterdir(), key=lambda f: f.name):
        if one.is_dir():
            yield from _files_under(one)
        else:
            yield one


@cache
def version() -> str:
    """Give a short digest of all that a phone keeps for use offline; it changes when that does."""
    folder = files("tocsin.share.server.pages")
    whole = hashlib.sha256()
    for part in ("assets", "templates", "words"):
        for one in _files_under(folder.joinpath(part)):
            whole.update(one.read_bytes())
    return whole.hexdigest()[:12]
