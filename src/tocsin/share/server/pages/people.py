"""Pages by which people sign in and out, and make their account from a one-time link."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from tocsin.errors import UsageError
from tocsin.share.server.access.refusals import TooOften
from tocsin.share.server.accounts import people, secrets, signing_in
from tocsin.share.server.desk.acts import record
from tocsin.share.server.pages.drawing import draw
from tocsin.share.server.web.asking import (
    COOKIE,
    Here,
    Known,
    Service,
    Signed,
    address_of,
    check_not_forged,
    check_same_site,
)

router = APIRouter(tags=["pages"], include_in_schema=False)
PLACES = re.compile(r"/(?:report/[a-z]{2})?")
"""Where signing in may lead: nowhere but to pages of this server."""
Text = Annotated[str, Form(max_length=300)]


@router.get("/sign-in")
def sign_in_page(request: Request, signed: Signed, next: str = "/") -> Response:
    """Show the form for signing in."""
    return draw(request, "sign_in", signed, failed=False, next=_place(next))


@router.post("/sign-in")
def sign_in(request: Request, here: Here, name: Text, password: Text, next: Text = "/") -> Response:
    """Sign in, and go on to where one wanted to go."""
    check_same_site(request)
    address = address_of(request)
    for asker in (f"address {address}", f"name {name.strip().lower()} {address}"):
        wait = here.sign_ins.take(asker)
        if wait:
            raise TooOften(wait)
    account = signing_in.password_account(here.database, name, password)
    if account is None:
        return draw(request, "sign_in", failed=True, next=_place(next), status=401)
    return _begin(here, account, _place(next))


@router.post("/sign-out")
def sign_out(
    request: Request, signed: Known, here: Here, csrf: Text = "", everywhere: Text = ""
) -> Response:
    """End this session, or all sessions of the account."""
    if signed.session:
        check_not_forged(request, signed, csrf)
    with here.database.writing() as connection:
        session = "" if everywhere else signed.session
        signing_in.end(connection, signed.account, session=session)
    found = RedirectResponse("/sign-in", 303)
    found.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")
    # What the browser keeps of this server goes, too; unsent reports stay on the phone.
    found.headers["clear-site-data"] = '"cache"'
    return found


@router.get("/invitation/{secret}")
def invitation_page(request: Request, secret: str, here: Here) -> Response:
    """Show the form by which somebody who was invited makes an account."""
    with here.database.reading() as connection:
        found = people.invitation(here.database, connection, secret)
    return draw(request, "invitation", invited=found, secret=secret, error=None)


@router.post("/invitation/{secret}")
def accept_invitation(
    request: Request, secret: str, here: Here, name: Text, password: Text
) -> Response:
    """Make the account, and sign in."""
    check_same_site(request)
    with here.database.reading() as connection:
        found = people.invitation(here.database, connection, secret)
    try:
        stretched = secrets.stretch(password)
        with here.database.writing() as connection:
            account = people.accept(here.database, connection, secret, name, stretched)
    except UsageError as error:
        return draw(request, "invitation", invited=found, secret=secret, error=error, status=422)
    return _begin(here, account, "/")


def _begin(here: Service, account: str, place: str) -> Response:
    with here.database.writing() as connection:
        secret = signing_in.begin(here.database, connection, account)
        signed = signing_in.of_session(here.database, connection, secret)
        if signed is not None:
            record(here.database, connection, signed, "sign in")
    found = RedirectResponse(place, 303)
    found.set_cookie(COOKIE, secret, secure=True, httponly=True, samesite="lax")
    return found


def _place(next: str) -> str:
    return next if PLACES.fullmatch(next) else "/"
