"""Beginning a session: at once, or with one that waits until a second factor is shown."""

from __future__ import annotations

import re

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from tocsin.share.server.accounts import people, signing_in
from tocsin.share.server.accounts.second_factor import is_needed
from tocsin.share.server.desk.acts import record
from tocsin.share.server.pages.drawing import LANGUAGE_COOKIE
from tocsin.share.server.web.asking import COOKIE, Service
from tocsin.share.server.web.language import LANGUAGES

PLACES = re.compile(r"/(?:report/[a-z]{2})?")
"""Where signing in may lead: nowhere but to pages of this server."""


def place_of(next: str) -> str:
    """Give the page to which signing in leads: one of this server, whatever the address says."""
    return next if PLACES.fullmatch(next) else "/"


def begin(
    request: Request, here: Service, account: str, place: str, *, waits: bool | None = None
) -> Response:
    """Begin a session after somebody showed who they are, and go on.

    Args:
        request: the request.
        here: the server.
        account: the account's id.
        place: where to go on.
        waits: must a second factor be shown? None: as account and role say.

    Returns:
        The way to that page, or to the one that asks for the second factor.
    """
    language = request.cookies.get(LANGUAGE_COOKIE, "")
    with here.database.writing() as connection:
        if language in LANGUAGES:
            people.speak(connection, account, language)
        row = people.account(connection, account)
        if waits is None:
            waits = row is not None and is_needed(row, here.settings.second_factor)
        secret = open_session(request, here, connection, account, waits=waits)
    found = RedirectResponse(f"/second-factor?next={place}" if waits else place, 303)
    set_cookie(found, secret)
    return found


def open_session(
    request: Request, here: Service, connection: Connection, account: str, *, waits: bool = False
) -> str:
    """Open a session within a transaction, and log that somebody signed in.

    Returns:
        The secret for the cookie.
    """
    agent = request.headers.get("user-agent", "")
    secret = signing_in.begin(here.database, connection, account, agent=agent, waits=waits)
    signed = signing_in.of_session(here.database, connection, secret)
    if signed is not None:
        record(here.database, connection, signed, "sign in")
    return secret


def set_cookie(answer: Response, secret: str) -> None:
    """Give a browser the session's cookie."""
    answer.set_cookie(COOKIE, secret, secure=True, httponly=True, samesite="lax")
