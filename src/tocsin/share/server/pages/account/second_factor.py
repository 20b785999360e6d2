"""The page that asks for a second factor, and lets those take one who must have one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Row

from tocsin.errors import UsageError
from tocsin.share.server.access.refusals import NotSignedIn, TooOften
from tocsin.share.server.accounts import second_factor, signing_in
from tocsin.share.server.pages.account.beginning import open_session, place_of, set_cookie
from tocsin.share.server.pages.drawing import draw
from tocsin.share.server.web.asking import COOKIE, Here, Service, check_same_site

router = APIRouter(tags=["pages"], include_in_schema=False)
Text = Annotated[str, Form(max_length=100)]


@router.get("/second-factor")
def ask(request: Request, here: Here, next: str = "/") -> Response:
    """Ask for a code; who must have a second factor and has none is shown how to take one."""
    return _draw(request, here, _waiting(request, here), next)


@router.post("/second-factor")
def show(request: Request, here: Here, code: Text, next: Text = "/") -> Response:
    """Take a code, and sign in; who takes a second factor now is shown recovery codes, once."""
    check_same_site(request)
    row = _waiting(request, here)
    wait = here.codes.take(row.id)
    if wait:
        raise TooOften(wait)
    codes: list[str] = []
    try:
        with here.database.writing() as connection:
            if row.factor:
                second_factor.check(here.database, connection, here.seal, row, code)
            else:
                codes = second_factor.confirm(
                    here.database, connection, here.seal, row.id, code.strip()
                )
            signing_in.end(connection, row.id, session=row.digest)
            secret = open_session(request, here, connection, row.id)
            signed = signing_in.of_session(here.database, connection, secret)
    except UsageError:
        return _draw(request, here, row, next, failed=True)
    found: Response = RedirectResponse(place_of(next), 303)
    if codes:
        found = draw(request, "account/recovery_codes", signed, codes=codes, next=place_of(next))
    set_cookie(found, secret)
    return found


def _waiting(request: Request, here: Service) -> Row[Any]:
    """The account whose session waits for a second factor.

    Raises:
        NotSignedIn: none does.
    """
    with here.database.reading() as connection:
        cookie = request.cookies.get(COOKIE, "")
        row = signing_in.waiting_account(here.database, connection, cookie)
    if row is None:
        raise NotSignedIn("Sign in first.", remedy="Sign in with your name and password.")
    return row


def _draw(
    request: Request, here: Service, row: Row[Any], next: str, *, failed: bool = False
) -> Response:
    told: dict[str, Any] = {"secret": "", "drawing": "", "address": ""}
    if not row.factor:
        with here.database.writing() as connection:
            told["secret"] = second_factor.propose(connection, here.seal, row.id)
        told["address"] = second_factor.address_of(
            told["secret"], row.name, here.settings.organisation
        )
        told["drawing"] = second_factor.drawing_of(told["address"])
    return draw(
        request, "account/second_factor", failed=failed, next=place_of(next),
        status=401 if failed else 200, **told,
    )  # fmt: skip
