"""The page of accounts: administrators invite people, close accounts, and reset second factors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from tocsin.errors import UsageError
from tocsin.share.server.access.reader import ROLES
from tocsin.share.server.accounts.people import Place
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.api import managing
from tocsin.share.server.pages.account.own import Text, Told, refuse
from tocsin.share.server.pages.drawing import draw
from tocsin.share.server.web.asking import Here, Known, Service, check_person

router = APIRouter(tags=["pages"], include_in_schema=False)
SETS = ("jurisdictions", "groups", "client_of")


@router.get("/accounts")
def page(request: Request, signed: Known, here: Here) -> Response:
    """Show the accounts of the server to an administrator."""
    managing.check_manages(signed)
    return _draw(request, here, signed)


@router.post("/accounts")
def change(
    request: Request,
    signed: Known,
    here: Here,
    act: Text,
    csrf: Text = "",
    account: Text = "",
    organisation: Text = "",
    role: Text = "",
    jurisdictions: Text = "",
    groups: Text = "",
    client_of: Text = "",
) -> Response:
    """Invite somebody, or change an account, from a session of one's own."""
    check_person(request, signed, csrf)
    managing.check_manages(signed)
    told = {
        "account": account, "organisation": organisation.strip(), "role": role,
        "jurisdictions": jurisdictions, "groups": groups, "client_of": client_of,
    }  # fmt: skip
    try:
        return ACTS.get(act, refuse)(request, here, signed, told)
    except UsageError as error:
        return _draw(request, here, signed, error=error, told=told)


def _invite(request: Request, here: Service, signed: SignedIn, told: Told) -> Response:
    if not told["organisation"]:
        raise UsageError("Name an organisation.", where="organisation")
    place = Place(told["organisation"], told["role"], *(_names(told[one]) for one in SETS))
    host = here.settings.organisation
    with here.database.writing() as connection:
        secret = managing.invite(here.database, connection, signed, place, host=host)
    return _draw(request, here, signed, link=f"{here.address}/invitation/{secret}")


def _names(text: str) -> frozenset[str]:
    return frozenset(one.strip() for one in text.split(",") if one.strip())


def _close(_request: Request, here: Service, signed: SignedIn, told: Told) -> Response:
    if told["account"] == signed.reader.name:
        raise UsageError("This is your own account.", remedy="Let another administrator close it.")
    with here.database.writing() as connection:
        managing.close(here.database, connection, signed, told["account"])
    return RedirectResponse("/accounts", 303)


def _reset(_request: Request, here: Service, signed: SignedIn, told: Told) -> Response:
    with here.database.writing() as connection:
        managing.reset_factor(here.database, connection, signed, told["account"])
    return RedirectResponse("/accounts", 303)


ACTS: dict[str, Callable[[Request, Service, SignedIn, Told], Response]] = {
    "invite": _invite, "close": _close, "reset": _reset,
}  # fmt: skip


def _draw(
    request: Request, here: Service, signed: SignedIn, *, error: UsageError | None = None,
    **more: Any,
) -> Response:  # fmt: skip
    with here.database.reading() as connection:
        rows = managing.list_accounts(connection)
    told = dict.fromkeys((*SETS, "role"), "") | {"organisation": here.settings.organisation}
    return draw(
        request, "accounts", signed, error=error, status=422 if error else 200, accounts=rows,
        roles=list(ROLES), **({"link": "", "told": told} | more),
    )  # fmt: skip
