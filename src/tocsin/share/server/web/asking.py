"""Who asks: found from a token or a session, and what a request must show before it may change."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from tocsin.share.audit.note import PrivateKey
from tocsin.share.server.access.reader import NOBODY
from tocsin.share.server.access.refusals import NotAllowed, NotSignedIn, TooOften
from tocsin.share.server.accounts import signing_in
from tocsin.share.server.accounts.oidc import Provider
from tocsin.share.server.accounts.sealing import Seal, draw_seal
from tocsin.share.server.accounts.signing_in import (
    SESSION_SHOWN,
    TOKEN_SHOWN,
    Shown,
    SignedIn,
)
from tocsin.share.server.database.connection import Database
from tocsin.share.server.settings import ServerSettings
from tocsin.share.server.web.client import Open, open_client
from tocsin.share.server.web.limits import Bucket, Counts, Slots

COOKIE = "__Host-tocsin"
"""The session's cookie. Browsers take a name with this beginning only from the host itself, over a
protected connection, for all paths."""
CSRF_HEADER = "x-csrf-token"
CODES = 10
"""Codes of a second factor that an account may try in a quarter of an hour, tests of its webhooks,
and names that whoever was invited may try."""
OF_NAME = 5
"""How many times as often as from one address one may try to sign in with one name: often enough
that a stranger does not lock the owner out, and too seldom to guess a password."""


@dataclass
class Service:
    """This is a running server: its database, its settings, and what it remembers meanwhile."""

    database: Database
    settings: ServerSettings = field(default_factory=ServerSettings)
    address: str = "http://127.0.0.1:8000"
    """The address at which people reach it."""
    counts: Counts = field(default_factory=Counts)
    streams: Slots = field(default_factory=Slots)
    oidc: Provider | None = None
    """An organisation's own service for signing in."""
    insists_on_tls: bool = True
    """True tells browsers that came over TLS to use nothing else (HSTS, RFC 6797)."""
    seal: Seal = field(default_factory=draw_seal)
    """Seals secrets that the server must read again."""
    open_client: Open = open_client
    """Opens the client with which others are asked."""
    codes: Bucket = field(init=False)
    """Codes of a second factor that one account may try, and tests of its webhooks."""
    names: Bucket = field(init=False)
    """Attempts to sign in with one name, from all addresses together."""
    witness: PrivateKey | None = None
    """The key with which this server cosigns its neighbours' logs."""
    stands_by: bool = False
    """True where it was restored from a backup, and by itself tells nobody anything."""
    stopping: Callable[[], bool] = lambda: False
    """Tells whether the server is about to stop, so that streams end."""
    requests: Bucket = field(init=False)
    sign_ins: Bucket = field(init=False)

    def __post_init__(self) -> None:
        self.requests = Bucket(self.settings.requests_per_minute, 60, time.monotonic)
        self.sign_ins = Bucket(self.settings.sign_ins_per_hour, 3600, time.monotonic)
        self.names = Bucket(OF_NAME * self.settings.sign_ins_per_hour, 3600, time.monotonic)
        self.codes = Bucket(CODES, 900, time.monotonic)


def service(request: Request) -> Service:
    """Give the server that a request came to."""
    found: Service = request.app.state.service
    return found


def find(own: Service, request: Request) -> SignedIn | None:
    """Find who asks, by a token or a session; None where neither holds, or none was shown.

    Args:
        own: the server.
        request: the request, or one that began before and is still answered.
    """
    shown = _credentials(request)
    if shown is None:
        return None
    with own.database.asking() as connection:
        return signing_in.find_all(own.database, connection, [shown])[0]


def _credentials(request: Request) -> Shown | None:
    """What a request shows of who asks: a token, or else a session; None: nothing it could be."""
    header = request.headers.get("authorization", "")
    if header:
        kind, _, token = header.partition(" ")
        return (TOKEN_SHOWN, token.strip()) if kind.lower() == "bearer" else None
    cookie = request.cookies.get(COOKIE, "")
    return (SESSION_SHOWN, cookie) if cookie else None


# What asks no database is no work for another thread: to change over would cost more than the work.
async def _here(request: Request) -> Service:
    return service(request)


async def find_signed_in(request: Request) -> SignedIn:
    """Find who asks, by a token in the header `Authorization` or by a session's cookie.

    All that ask at one time are one question to the database.

    Raises:
        NotSignedIn: a token was shown, and it is wrong, too old or revoked.
        TooOften: this account, or this address, asked too often.
    """
    own = service(request)
    shown = _credentials(request)
    found: SignedIn | None = None
    if shown is not None:
        found = await own.database.questions.join(signing_in.find_all, shown)
    address = request.client.host if request.client else ""
    wait = own.requests.take(found.account if found else f"address {address}")
    if wait:
        raise TooOften(wait)
    if "authorization" in request.headers and found is None:
        raise NotSignedIn("The token is not known.", remedy="Ask for a new one.")
    request.state.account = found.account if found else ""
    return found or SignedIn(NOBODY)


# Each of these asks the one before it by itself: to let FastAPI solve a chain of dependencies costs
# more than to find who asks.
async def require_known(request: Request) -> SignedIn:
    """Find who asks, as `find_signed_in` does it, who must be known.

    Raises:
        NotSignedIn: nobody known asks.
        TooOften: as `find_signed_in`.
    """
    signed = await find_signed_in(request)
    if not signed.reader.known:
        raise NotSignedIn("Sign in first.", remedy="Sign in, or send a token.")
    return signed


async def require_unforged(request: Request) -> SignedIn:
    """Find who asks for a change, which a session must show to be no forgery.

    Raises:
        NotSignedIn: nobody known asks.
        NotAllowed: the session's secret was not sent along.
        TooOften: as `find_signed_in`.
    """
    signed = await require_known(request)
    if signed.session:
        check_not_forged(request, signed, request.headers.get(CSRF_HEADER, ""))
    return signed


def check_not_forged(request: Request, signed: SignedIn, shown: str) -> None:
    """Check that a change was asked for from a page of this server.

    Args:
        request: the request.
        signed: who asks, by a session.
        shown: the session's secret, as the form or the header sent it.

    Raises:
        NotAllowed: the secret is wrong, or another site sent the request.
    """
    check_same_site(request)
    if not signing_in.is_csrf(signed, shown):
        raise NotAllowed("The form is too old.", remedy="Load the page again.")


def check_person(request: Request, signed: SignedIn, shown: str) -> None:
    """Check that a change was asked for from a session, as `check_not_forged` does.

    Raises:
        NotAllowed: a token was shown, the session's secret is wrong, or another site sent it.
    """
    if not signed.session:
        raise NotAllowed("This is for people.", remedy="Sign in with a browser.")
    check_not_forged(request, signed, shown)


def check_same_site(request: Request) -> None:
    """Check that no other site sent the request, by what browsers say of it.

    Raises:
        NotAllowed: another site sent it.
    """
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    other = origin is not None and urlsplit(origin).netloc != request.headers.get("host", "")
    if other or site not in ("same-origin", "none"):
        raise NotAllowed("Another site sent this.", remedy="Use this server's own pages.")


def address_of(request: Request) -> str:
    """Give the address from which a request came."""
    return request.client.host if request.client else ""


Signed = Annotated[SignedIn, Depends(find_signed_in)]
Known = Annotated[SignedIn, Depends(require_known)]
Changing = Annotated[SignedIn, Depends(require_unforged)]
Here = Annotated[Service, Depends(_here)]
