"""The page of accounts: administrators invite people, close, reset and erase accounts."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from tocsin.errors import UsageError
from tocsin.share.server.access.reader import ROLES
from tocsin.share.server.accounts import erasing
from tocsin.share.server.accounts.people import Place
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.api import managing
from tocsin.share.server.pages.account.forms import Act, ActForm, Text, play_act
from tocsin.share.server.pages.drawing import draw
from tocsin.share.server.web.asking import Here, Known, Service

router = APIRouter(tags=["pages"], include_in_schema=False)


@router.get("/accounts")
def page(request: Request, signed: Known, here: Here) -> Response:
    """Show the accounts of the server to an administrator."""
    managing.check_manages(signed)
    return _draw(request, here, signed)


class PlaceForm(ActForm):
    """The fields of this page's forms: an account's name, or somebody's place on the server."""

    account: Text = ""
    organisation: Text = ""
    role: Text = ""
    jurisdictions: Text = ""
    groups: Text = ""
    client_of: Text = ""
    sure: Text = ""


@router.post("/accounts")
def change(
    request: Request, signed: Known, here: Here, sent: Annotated[PlaceForm, Form()]
) -> Response:
    """Invite somebody, or change an account, from a session of one's own."""
    managing.check_manages(signed)
    return play_act(
        ACTS, request, here, signed, sent,
        draw_again=lambda error: _draw(request, here, signed, error=error, sent=sent),
    )  # fmt: skip


def _invite(request: Request, here: Service, signed: SignedIn, sent: PlaceForm) -> Response:
    organisation = sent.organisation.strip()
    if not organisation:
        raise UsageError("Name an organisation.", where="organisation")
    sets = (_names(one) for one in (sent.jurisdictions, sent.groups, sent.client_of))
    place = Place(organisation, sent.role, *sets)
    host = here.settings.organisation
    with here.database.writing() as connection:
        secret = managing.invite(here.database, connection, signed, place, host=host)
    return _draw(request, here, signed, link=f"{here.address}/invitation/{secret}")


def _names(text: str) -> frozenset[str]:
    return frozenset(one.strip() for one in text.split(",") if one.strip())


def _close(_request: Request, here: Service, signed: SignedIn, sent: PlaceForm) -> Response:
    if sent.account == signed.reader.name:
        raise UsageError("This is your own account.", remedy="Let another administrator close it.")
    with here.database.writing() as connection:
        managing.close(here.database, connection, signed, sent.account)
    return RedirectResponse("/accounts", 303)


def _erase(_request: Request, here: Service, signed: SignedIn, sent: PlaceForm) -> Response:
    if not sent.sure:
        raise UsageError("Say that it cannot be taken back.", where="sure")
    with here.database.writing() as connection:
        managing.erase(here.database, connection, signed, sent.account)
    erasing.empty_log_of_writes(here.database)
    return RedirectResponse("/accounts", 303)


def _reset(_request: Request, here: Service, signed: SignedIn, sent: PlaceForm) -> Response:
    with here.database.writing() as connection:
        managing.reset_factor(here.database, connection, signed, sent.account)
    return RedirectResponse("/accounts", 303)


ACTS: dict[str, Act[PlaceForm]] = {
    "invite": _invite, "close": _close, "reset": _reset, "erase": _erase,
}  # fmt: skip


def _draw(
    request: Request, here: Service, signed: SignedIn, *, error: UsageError | None = None,
    **more: Any,
) -> Response:  # fmt: skip
    with here.database.reading() as connection:
        rows = managing.list_accounts(connection)
    empty: dict[str, Any] = {
        "link": "", "sent": PlaceForm(act="invite", organisation=here.settings.organisation),
    }  # fmt: skip
    return draw(
        request, "account/accounts", signed, error=error, status=422 if error else 200,
        accounts=rows, roles=list(ROLES), **(empty | more),
    )  # fmt: skip
