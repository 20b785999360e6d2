"""The form for reports from the field, which works without a line, and the files of pages."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from tocsin.schema.vocabulary.field_form import choices, survey
from tocsin.share.server.access.marking import LEVELS
from tocsin.share.server.database.objects import NoObject
from tocsin.share.server.desk.answers import NEEDED
from tocsin.share.server.pages.drawing import KINDS, assets, draw, language_of, version
from tocsin.share.server.web.asking import Signed
from tocsin.share.server.web.language import LANGUAGES

router = APIRouter(tags=["pages"], include_in_schema=False)
SHOWN = (
    "event_date", "date_known", "country", "admin1", "place", "point", "place_known",
    "event_kind", "target", "headline", "account", "actor_a", "actor_known", "actor_b",
    "deaths_low", "deaths_best", "deaths_high", "n_sources",
)  # fmt: skip
"""Questions of the form that the page asks; claims are for the longer form of KoboToolbox."""


@router.get("/report")
def report(request: Request, signed: Signed) -> Response:
    """Lead to the form in the reader's language."""
    return RedirectResponse(f"/report/{language_of(request, signed)}", 303)


@router.get("/report/{language}")
def form(request: Request, language: str) -> Response:
    """Show the form. The page is the same for everybody, so that a phone may keep it."""
    if language not in LANGUAGES:
        raise NoObject
    kinds = {row["name"]: row["type"].partition(" ") for row in survey()}
    asked = [
        {
            "name": name, "kind": kinds[name][0], "needed": name in NEEDED,
            "choices": list(choices(kinds[name][2])) if kinds[name][2] else [],
        }
        for name in SHOWN
    ]  # fmt: skip
    return draw(request, "report", language=language, asked=asked, levels=LEVELS[1:])


@router.get("/sw.js")
def service_worker() -> Response:
    """Give the service worker, which names its version, so that a newer one replaces it."""
    text = assets()["sw.js"].decode().replace("VERSION", version())
    return Response(text.encode(), 200, {"cache-control": "no-cache"}, "text/javascript")


@router.get("/static/{name}")
def static(name: str) -> Response:
    """Give a file that pages load."""
    found = assets().get(name)
    kind = KINDS.get(name.rpartition(".")[2])
    if found is None or kind is None:
        raise NoObject
    return Response(found, 200, {"cache-control": "max-age=3600"}, kind)
