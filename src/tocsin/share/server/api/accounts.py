"""Accounts for programs: tokens of one's own, invitations by an administrator."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from tocsin.share.server.access.reader import MANAGE
from tocsin.share.server.access.refusals import NotAllowed
from tocsin.share.server.accounts import people, second_factor, signing_in
from tocsin.share.server.accounts.people import Place
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.api.answers import answer
from tocsin.share.server.database.objects import NoObject
from tocsin.share.server.desk.acts import record
from tocsin.share.server.web.asking import Changing, Here, Known, Service

router = APIRouter(prefix="/api", tags=["accounts"])


class NewToken(BaseModel):
    """A token that is to be issued."""

    model_config = ConfigDict(extra="forbid")

    scopes: list[str] = Field(min_length=1, max_length=20)
    label: str = Field(default="", max_length=200)
    days: int = Field(default=signing_in.TOKEN_DAYS, ge=1, le=366)


class NewPlace(BaseModel):
    """The place of an account that is to be made."""

    model_config = ConfigDict(extra="forbid")

    organisation: str = Field(min_length=1, max_length=200)
    role: str = Field(max_length=40)
    jurisdictions: list[str] = Field(default=[], max_length=300)
    groups: list[str] = Field(default=[], max_length=200)
    client_of: list[str] = Field(default=[], max_length=200)


@router.get("/session")
def session(request: Request, signed: Known) -> Response:
    """Say who is signed in, and give the session's secret against forged requests."""
    return answer(request, {"name": signed.reader.name, "csrf": signed.csrf})


@router.post("/tokens", status_code=201)
def issue_token(request: Request, body: NewToken, signed: Changing, here: Here) -> Response:
    """Issue a token, which is shown once. It never may more than the one by which it is asked."""
    scopes = frozenset(body.scopes)
    if scopes - signed.reader.verbs:
        raise NotAllowed("A token may not do more than you may.", remedy="Leave scopes out.")
    with here.database.writing() as connection:
        token = signing_in.issue(
            here.database, connection, signed.account, scopes, label=body.label, days=body.days
        )
        record(here.database, connection, signed, "issue token", detail=body.label)
    return answer(request, {"token": token}, 201)


@router.delete("/tokens/{id}")
def revoke_token(request: Request, id: str, signed: Changing, here: Here) -> Response:
    """Revoke a token of one's own, by the part between the first two signs '_'."""
    with here.database.writing() as connection:
        signing_in.revoke(connection, signed.account, id[:32])
        record(here.database, connection, signed, "revoke token")
    return answer(request, {"revoked": id})


@router.delete("/sessions")
def end_sessions(request: Request, signed: Changing, here: Here) -> Response:
    """End all sessions of one's own account."""
    with here.database.writing() as connection:
        signing_in.end(connection, signed.account)
        record(here.database, connection, signed, "end sessions")
    return answer(request, {"ended": True})


@router.delete("/accounts/{name}")
def close_account(request: Request, name: str, signed: Changing, here: Here) -> Response:
    """Close an account: its sessions and tokens end at once."""
    return _manage(request, name, signed, here, "close account", people.disable)


@router.delete("/accounts/{name}/second-factor")
def reset_second_factor(request: Request, name: str, signed: Changing, here: Here) -> Response:
    """Take the second factor of somebody away who lost phone and codes; their sessions end."""

    def reset(connection: Connection, account: str) -> None:
        second_factor.remove(connection, account)
        signing_in.end(connection, account)

    return _manage(request, name, signed, here, "reset second factor", reset)


def _manage(
    request: Request, name: str, signed: SignedIn, here: Service, verb: str,
    do: Callable[[Connection, str], None],
) -> Response:  # fmt: skip
    """Do something to an account, which is for administrators."""
    if MANAGE not in signed.reader.verbs:
        raise NotAllowed("Your role does not manage accounts.", remedy="Ask an administrator.")
    with here.database.writing() as connection:
        found = signing_in.of_name(connection, name)
        if found is None:
            raise NoObject
        do(connection, found.account)
        record(here.database, connection, signed, verb, detail=found.account)
    return answer(request, {"account": name})


@router.post("/invitations", status_code=201)
def invite(request: Request, body: NewPlace, signed: Changing, here: Here) -> Response:
    """Make a one-time link for somebody who is to have an account."""
    if MANAGE not in signed.reader.verbs:
        raise NotAllowed("Your role does not manage accounts.", remedy="Ask an administrator.")
    sets = {
        name: frozenset(getattr(body, name)) for name in ("jurisdictions", "groups", "client_of")
    }
    with here.database.writing() as connection:
        place = Place(body.organisation, body.role, **sets)
        secret = people.invite(here.database, connection, place)
        detail = f"{body.role} of {body.organisation}"
        record(here.database, connection, signed, "invite", detail=detail)
    return answer(request, {"link": f"{here.address}/invitation/{secret}"}, 201)
