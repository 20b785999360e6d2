"""Accounts for programs: tokens of one's own, invitations by an administrator."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tocsin.share.server.access.refusals import NotAllowed
from tocsin.share.server.accounts import erasing, signing_in
from tocsin.share.server.accounts.people import Place
from tocsin.share.server.api import managing
from tocsin.share.server.api.answers import answer
from tocsin.share.server.desk.acts import record
from tocsin.share.server.web.asking import Changing, Here, Known

router = APIRouter(prefix="/api", tags=["accounts"])


class NewToken(BaseModel):
    """A token that is to be issued."""

    model_config = ConfigDict(extra="forbid")

    scopes: list[str] = Field(min_length=1, max_length=20)
    label: str = Field(default="", max_length=200)
    days: int = Field(default=signing_in.TOKEN_DAYS, ge=1, le=signing_in.LONGEST_DAYS)


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
    with here.database.writing() as connection:
        managing.close(here.database, connection, signed, name)
    return answer(request, {"account": name})


@router.delete("/accounts/{name}/identity")
def erase_account(request: Request, name: str, signed: Changing, here: Here) -> Response:
    """Close an account, and erase who it was; what was done stays. It cannot be taken back."""
    with here.database.writing() as connection:
        managing.erase(here.database, connection, signed, name)
    erasing.empty_log_of_writes(here.database)
    return answer(request, {"erased": True})


@router.delete("/accounts/{name}/second-factor")
def reset_second_factor(request: Request, name: str, signed: Changing, here: Here) -> Response:
    """Take the second factor of somebody away who lost phone and codes; their sessions end."""
    with here.database.writing() as connection:
        managing.reset_factor(here.database, connection, signed, name)
    return answer(request, {"account": name})


@router.post("/invitations", status_code=201)
def invite(request: Request, body: NewPlace, signed: Changing, here: Here) -> Response:
    """Make a one-time link for somebody who is to have an account."""
    sets = {
        name: frozenset(getattr(body, name)) for name in ("jurisdictions", "groups", "client_of")
    }
    place, host = Place(body.organisation, body.role, **sets), here.settings.organisation
    with here.database.writing() as connection:
        secret = managing.invite(here.database, connection, signed, place, host=host)
    return answer(request, {"link": f"{here.address}/invitation/{secret}"}, 201)
