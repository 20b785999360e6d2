"""Reports from programs and from the form's page."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tocsin.errors import TocsinError
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.api.answers import answer
from tocsin.share.server.desk.reports import Receipt, Sending, make_ready, receive_many
from tocsin.share.server.web.asking import Changing, Here, service
from tocsin.share.server.web.problems import UNKEPT, unkept

router = APIRouter(prefix="/api", tags=["reports"])


class NewReport(BaseModel):
    """One sending of a report or a correction; see docs/operate.md."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(max_length=100)
    sending: str = Field(max_length=100)
    branch: str = Field(max_length=64)
    place: int = 1
    trunk: int = 0
    answers: dict[str, str] = Field(max_length=100)
    level: str = Field(default="AMBER", max_length=20)
    groups: list[str] = Field(default=[], max_length=50)
    blur: str = Field(default="", max_length=20)
    withhold: bool = False

    def to_sending(self) -> Sending:
        """Give the sending."""
        told = self.model_dump()
        return Sending(**(told | {"groups": frozenset(self.groups)}))


class ManyReports(BaseModel):
    """What a phone exported as unsent."""

    model_config = ConfigDict(extra="forbid")

    reports: list[NewReport] = Field(max_length=500)


@router.post("/reports", status_code=201)
async def send_report(request: Request, body: NewReport, signed: Changing) -> Response:
    """Send a report; sending it again gives the same receipt."""
    _forget(request, [body])
    database = service(request).database
    ready = make_ready(database, signed, body.to_sending())
    receipt: Receipt = await database.arriving.join(receive_many, ready)
    return answer(request, receipt.as_dict(), 201)


@router.post("/reports/bulk")
def send_many(request: Request, body: ManyReports, signed: Changing, here: Here) -> Response:
    """Send several, such as a file of unsent reports; each gets a receipt, or why it has none."""
    _forget(request, body.reports)
    told: list[dict[str, Any]] = []
    for one in body.reports:
        try:
            told.append(_receive(here, signed, one))
        except (TocsinError, *UNKEPT) as error:
            told.append(unkept(error).as_dict() | {"sending": one.sending})
    return answer(request, {"reports": told})


def _forget(request: Request, sent: list[NewReport]) -> None:
    """Leave the account out of the log where the reporter's name is withheld."""
    if any(one.withhold for one in sent):
        request.state.account = ""


def _receive(here: Here, signed: SignedIn, body: NewReport) -> dict[str, Any]:
    ready = make_ready(here.database, signed, body.to_sending())
    receipt: Receipt = here.database.arriving.do(receive_many, ready)
    return receipt.as_dict()
