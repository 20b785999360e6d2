"""Signing in by an organisation's own service, and linking one's account to it."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from tocsin.share.server.access.refusals import NotAllowed, TooOften
from tocsin.share.server.accounts import oidc, people
from tocsin.share.server.accounts.second_factor import is_needed
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database.objects import NoObject
from tocsin.share.server.desk.acts import record
from tocsin.share.server.pages.account.beginning import begin, place_of
from tocsin.share.server.pages.drawing import draw
from tocsin.share.server.web.asking import (
    Here,
    Known,
    Service,
    Signed,
    address_of,
    check_person,
)

router = APIRouter(tags=["pages"], include_in_schema=False)
COOKIE = "__Host-tocsin-oidc"
"""Ties an attempt to the browser that began it."""
Text = Annotated[str, Form(max_length=100)]


@router.get("/oidc/begin")
def begin_sign_in(request: Request, here: Here, next: str = "/") -> Response:
    """Send the browser to the service."""
    url, state = _begin(request, here, next=place_of(next))
    return _with_cookie(RedirectResponse(url, 303), state)


@router.post("/oidc/link")
def begin_link(request: Request, signed: Known, here: Here, csrf: Text = "") -> Response:
    """Show the way to the service, to link one's account to it.

    The policy of our pages lets no form lead elsewhere, so there is a link.
    """
    check_person(request, signed, csrf)
    url, state = _begin(request, here, account=signed.account, next="/account")
    return _with_cookie(draw(request, "account/to_service", signed, address=url), state)


@router.get("/oidc/callback")
def come_back(
    request: Request, signed: Signed, here: Here, state: str = "", code: str = ""
) -> Response:
    """Take the browser back from the service."""
    provider = _provider(here)
    cookie = request.cookies.get(COOKIE, "")
    if not state or not hmac.compare_digest(cookie.encode(), state.encode()):
        raise NotAllowed("This sign-in was not begun here.", remedy="Begin again.")
    with here.database.writing() as connection:
        attempt = oidc.take_back(here.database, connection, state)
    if attempt is None or not code:
        raise NotAllowed("The service did not let you in.", remedy="Begin again.")
    identity = provider.finish(attempt, code, now=here.database.time() / 1e6)
    if attempt.account:
        found = _link(here, signed, attempt, identity)
    else:
        found = _sign_in(request, here, attempt, identity)
    found.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")
    return found


def _begin(request: Request, here: Service, *, account: str = "", next: str) -> tuple[str, str]:
    provider = _provider(here)
    wait = here.sign_ins.take(f"oidc {address_of(request)}")
    if wait:
        raise TooOften(wait)
    provider.ask()
    with here.database.writing() as connection:
        return provider.begin(here.database, connection, account=account, next=next)


def _with_cookie(answer: Response, state: str) -> Response:
    answer.set_cookie(COOKIE, state, max_age=600, secure=True, httponly=True, samesite="lax")
    return answer


def _link(
    here: Service, signed: SignedIn, attempt: oidc.Attempt, identity: oidc.Identity
) -> Response:
    if not signed.session or signed.account != attempt.account:
        raise NotAllowed("Somebody else is signed in by now.", remedy="Sign in, and link again.")
    with here.database.writing() as connection:
        oidc.link(connection, signed.account, identity)
        record(here.database, connection, signed, "link identity")
    return RedirectResponse("/account", 303)


def _sign_in(
    request: Request, here: Service, attempt: oidc.Attempt, identity: oidc.Identity
) -> Response:
    with here.database.reading() as connection:
        account = oidc.account_of(connection, identity)
        row = people.account(connection, account) if account else None
    if row is None:
        raise NotAllowed(
            "No account here is linked to you.",
            remedy="Sign in with your password once, and link your account on its page.",
        )
    trusted = identity.is_strong and here.settings.oidc.trusts_second_factor
    waits = is_needed(row, here.settings.second_factor) and not trusted
    return begin(request, here, account, attempt.next, waits=waits)


def _provider(here: Service) -> oidc.Provider:
    if here.oidc is None:
        raise NoObject
    return here.oidc
