"""Pages by which people sign in and out, and make their account from a one-time link."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Row

from tocsin.errors import UsageError
from tocsin.share.server.access.refusals import TooOften
from tocsin.share.server.accounts import people, secrets, signing_in
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.pages.account.beginning import begin, place_of
from tocsin.share.server.pages.drawing import draw, language_of
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
Text = Annotated[str, Form(max_length=300)]


@router.get("/sign-in")
def sign_in_page(request: Request, signed: Signed, here: Here, next: str = "/") -> Response:
    """Show the form for signing in."""
    return _form(request, here, signed, next)


@router.post("/sign-in")
def sign_in(request: Request, here: Here, name: Text, password: Text, next: Text = "/") -> Response:
    """Sign in, and go on to where one wanted to go."""
    check_same_site(request)
    address = address_of(request)
    plain = name.strip().lower()
    for bucket, asker in (
        (here.sign_ins, f"address {address}"),
        (here.sign_ins, f"name {plain} {address}"),
        (here.names, plain),
    ):
        wait = bucket.take(asker)
        if wait:
            raise TooOften(wait)
    account = signing_in.password_account(here.database, name, password)
    if account is None:
        return _form(request, here, None, next, failed=True, entered=name[:100])
    return begin(request, here, account, place_of(next))


def _form(
    request: Request, here: Here, signed: SignedIn | None, next: str, *, failed: bool = False,
    entered: str = "",
) -> Response:  # fmt: skip
    return draw(
        request, "account/sign_in", signed, failed=failed, next=place_of(next), entered=entered,
        has_service=here.oidc is not None, status=401 if failed else 200,
    )  # fmt: skip


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
    return _invitation(request, here, found, secret)


@router.post("/invitation/{secret}")
def accept_invitation(
    request: Request, secret: str, here: Here, name: Text, password: Text
) -> Response:
    """Make the account, and sign in."""
    check_same_site(request)
    with here.database.reading() as connection:
        found = people.invitation(here.database, connection, secret)
    # A refusal tells that somebody has the name; a link is no licence to ask for many.
    wait = here.codes.take(f"invitation {found.digest}")
    if wait:
        raise TooOften(wait)
    try:
        stretched = secrets.stretch(password)
        with here.database.writing() as connection:
            account = people.accept(
                here.database, connection, secret, name, stretched, host=here.settings.organisation
            )
            people.speak(connection, account, language_of(request))
    except UsageError as error:
        return _invitation(request, here, found, secret, error)
    return begin(request, here, account, "/")


def _invitation(
    request: Request, here: Service, found: Row[Any], secret: str, error: UsageError | None = None
) -> Response:
    return draw(
        request, "account/invitation", invited=found, secret=secret, error=error,
        ending=people.ending(found.organisation, here.settings.organisation),
        status=422 if error else 200,
    )  # fmt: skip
