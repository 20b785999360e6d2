"""The page of one's own account, and what one changes there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import Field
from sqlalchemy import Connection, select

from tocsin.errors import UsageError
from tocsin.share.server.access.reader import VERBS
from tocsin.share.server.access.refusals import TooOften
from tocsin.share.server.accounts import oidc, people, second_factor, secrets, signing_in
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database.tables import tokens
from tocsin.share.server.delivery import mailing
from tocsin.share.server.desk.acts import record
from tocsin.share.server.pages.account.beginning import open_session, set_cookie
from tocsin.share.server.pages.account.forms import Act, ActForm, Text, play_act
from tocsin.share.server.pages.drawing import draw
from tocsin.share.server.web.asking import Here, Known, Service

router = APIRouter(tags=["pages"], include_in_schema=False)
LONGEST = signing_in.LONGEST_DAYS
NOTHING = {"secret": "", "drawing": "", "issued": ""}
"""Secrets that the page shows right after they were made, and else not."""


@router.get("/account")
def account(request: Request, signed: Known, here: Here) -> Response:
    """Show one's own account."""
    return _draw(request, here, signed)


class OwnForm(ActForm):
    """The fields of this page's forms."""

    old: Text = ""
    new: Text = ""
    code: Text = ""
    session: Text = ""
    token: Text = ""
    address: Text = ""
    hour: Text = "7"
    zone: Text = "UTC"
    label: Text = ""
    days: Text = ""
    scopes: list[str] = Field(default_factory=list, max_length=20)


@router.post("/account")
def change(
    request: Request, signed: Known, here: Here, sent: Annotated[OwnForm, Form()]
) -> Response:
    """Change one's own account, from a session of one's own."""
    return play_act(
        ACTS, request, here, signed, sent,
        draw_again=lambda error: _draw(request, here, signed, error=error),
    )  # fmt: skip


def _password(request: Request, here: Service, signed: SignedIn, sent: OwnForm) -> Response:
    """All sessions end, also this one, which is begun anew."""
    _check_password(here, signed, sent.old)
    stretched = secrets.stretch(sent.new)
    with here.database.writing() as connection:
        signing_in.change_password(connection, signed.account, stretched)
        record(here.database, connection, signed, "change password")
        secret = open_session(request, here, connection, signed.account)
    return _again(secret)


def _propose(request: Request, here: Service, signed: SignedIn, _sent: OwnForm) -> Response:
    with here.database.writing() as connection:
        secret = second_factor.propose(connection, here.seal, signed.account, again=True)
    address = second_factor.address_of(secret, signed.reader.name, here.settings.organisation)
    drawing = second_factor.drawing_of(address)
    return _draw(request, here, signed, secret=secret, drawing=drawing)


def _confirm(request: Request, here: Service, signed: SignedIn, sent: OwnForm) -> Response:
    """Whoever found an open session could otherwise lock its owner out."""
    _check_password(here, signed, sent.old)
    _count_code(here, signed)
    with here.database.writing() as connection:
        codes = second_factor.confirm(
            here.database, connection, here.seal, signed.account, sent.code.strip()
        )
        record(here.database, connection, signed, "take second factor")
    return draw(request, "account/recovery_codes", signed, codes=codes, next="/account")


def _remove(_request: Request, here: Service, signed: SignedIn, sent: OwnForm) -> Response:
    if signed.reader.role in here.settings.second_factor:
        raise UsageError("Your role must have a second factor.", where="act")
    _check_password(here, signed, sent.old)
    _count_code(here, signed)
    with here.database.writing() as connection:
        row = people.account(connection, signed.account)
        if row is not None:
            second_factor.check(here.database, connection, here.seal, row, sent.code)
        second_factor.remove(connection, signed.account)
        record(here.database, connection, signed, "remove second factor")
    return _again()


def _end(_request: Request, here: Service, signed: SignedIn, sent: OwnForm) -> Response:
    def do(connection: Connection) -> None:
        signing_in.end_named(connection, signed.account, sent.session)

    return _do_on_record(here, signed, "end session", do)


def _end_others(_request: Request, here: Service, signed: SignedIn, _sent: OwnForm) -> Response:
    def do(connection: Connection) -> None:
        for one in signing_in.open_sessions(here.database, connection, signed.account):
            if one.digest != signed.session:
                signing_in.end(connection, signed.account, session=one.digest)

    return _do_on_record(here, signed, "end sessions", do)


def _revoke(_request: Request, here: Service, signed: SignedIn, sent: OwnForm) -> Response:
    def do(connection: Connection) -> None:
        signing_in.revoke(connection, signed.account, sent.token[:32])

    return _do_on_record(here, signed, "revoke token", do)


def _issue(request: Request, here: Service, signed: SignedIn, sent: OwnForm) -> Response:
    """A token is shown once; it may do no more than what is ticked."""
    days, scopes = sent.days, frozenset(sent.scopes)
    if not re.fullmatch("[0-9]{1,3}", days) or not 1 <= int(days) <= LONGEST:
        raise UsageError(
            f"A token lasts 1 to {LONGEST} days.", where="days", remedy="Give a number."
        )
    if scopes - signed.reader.verbs:
        raise UsageError("A token may not do more than you may.", where="scopes")
    label = sent.label.strip()
    with here.database.writing() as connection:
        token = signing_in.issue(
            here.database, connection, signed.account, scopes, label=label, days=int(days)
        )
        record(here.database, connection, signed, "issue token", detail=label)
    return _draw(request, here, signed, issued=token)


def _unlink(_request: Request, here: Service, signed: SignedIn, _sent: OwnForm) -> Response:
    def do(connection: Connection) -> None:
        oidc.unlink(connection, signed.account)

    return _do_on_record(here, signed, "unlink identity", do)


def _digest(_request: Request, here: Service, signed: SignedIn, sent: OwnForm) -> Response:
    if not sent.hour.isascii() or not sent.hour.isdigit():
        raise UsageError("There is no such hour.", where="hour", remedy="Give 0 to 23.")

    def do(connection: Connection) -> None:
        mailing.subscribe(
            here.database, connection, signed.account, address=sent.address.strip(),
            hour=int(sent.hour), zone=sent.zone.strip(),
        )  # fmt: skip

    return _do_on_record(here, signed, "change digest", do)


ACTS: dict[str, Act[OwnForm]] = {
    "password": _password, "propose": _propose, "confirm": _confirm, "remove": _remove,
    "end": _end, "end others": _end_others, "revoke": _revoke, "digest": _digest,
    "unlink": _unlink, "issue": _issue,
}  # fmt: skip


def _do_on_record(
    here: Service, signed: SignedIn, verb: str, do: Callable[[Connection], None]
) -> Response:
    with here.database.writing() as connection:
        do(connection)
        record(here.database, connection, signed, verb)
    return _again()


def _again(secret: str = "") -> Response:
    found = RedirectResponse("/account", 303)
    if secret:
        set_cookie(found, secret)
    return found


def _check_password(here: Service, signed: SignedIn, password: str) -> None:
    """Check a password again before something that must be the owner's own doing.

    Raises:
        TooOften: it was tried too often.
        UsageError: it is wrong.
    """
    wait = here.sign_ins.take(f"account {signed.account}")
    if wait:
        raise TooOften(wait)
    if signing_in.password_account(here.database, signed.reader.name, password) is None:
        raise UsageError("The password is wrong.", where="old", remedy="Write it again.")


def _count_code(here: Service, signed: SignedIn) -> None:
    wait = here.codes.take(signed.account)
    if wait:
        raise TooOften(wait)


def _draw(
    request: Request, here: Service, signed: SignedIn, *, error: UsageError | None = None,
    **told: Any,
) -> Response:  # fmt: skip
    database = here.database
    with database.reading() as connection:
        row = people.account(connection, signed.account)
        open_now = signing_in.open_sessions(database, connection, signed.account)
        mine = (tokens.c.account == signed.account) & ~tokens.c.revoked
        mine &= tokens.c.expires >= database.time()
        lasting = connection.execute(select(tokens).where(mine).order_by(tokens.c.created)).all()
        left = second_factor.codes_left(connection, signed.account)
        linked = oidc.is_linked(connection, signed.account)
        digest = mailing.subscription(connection, signed.account)
    return draw(
        request, "account/account", signed, error=error, status=422 if error else 200,
        sessions=[(signing_in.name_of(one.digest), one, one.digest == signed.session)
                  for one in open_now],
        tokens=lasting, days=signing_in.TOKEN_DAYS, longest=LONGEST,
        verbs=[one for one in VERBS if one in signed.reader.verbs],
        has_factor=bool(row and row.factor), left=left, digest=digest,
        must=signed.reader.role in here.settings.second_factor,
        linked=linked, has_service=here.oidc is not None,
        mails=bool(here.settings.mail.server), **(NOTHING | told),
    )  # fmt: skip
