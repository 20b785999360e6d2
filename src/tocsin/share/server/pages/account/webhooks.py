"""The page of webhooks: programs that are told of what one may see oneself.

Everybody has webhooks of their own, and sees what became of them. An administrator sees whose
others there are, and may try, pause and remove them; what they were sent is not shown.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection, Row, select

from tocsin.errors import UsageError
from tocsin.share.server.access.reader import MANAGE
from tocsin.share.server.access.refusals import TooOften
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database.objects import NoObject
from tocsin.share.server.database.outbound import webhooks as table
from tocsin.share.server.delivery import webhooks
from tocsin.share.server.delivery.sending import is_taken, send_test
from tocsin.share.server.desk.acts import record
from tocsin.share.server.pages.account.forms import Act, ActForm, Text, play_act
from tocsin.share.server.pages.drawing import draw
from tocsin.share.server.web.asking import Here, Known, Service

router = APIRouter(tags=["pages"], include_in_schema=False)


@router.get("/webhooks")
def page(request: Request, signed: Known, here: Here) -> Response:
    """Show one's own webhooks, and to an administrator those of others."""
    return _draw(request, here, signed)


class HookForm(ActForm):
    """The fields of this page's forms."""

    hook: Text = ""
    url: Text = ""
    plays: Text = ""
    overlap: Text = ""
    state: Text = ""


@router.post("/webhooks")
def change(
    request: Request, signed: Known, here: Here, sent: Annotated[HookForm, Form()]
) -> Response:
    """Add or change a webhook, from a session of one's own."""
    return play_act(
        ACTS, request, here, signed, sent,
        draw_again=lambda error: _draw(request, here, signed, error=error, url=sent.url),
    )  # fmt: skip


def _add(request: Request, here: Service, signed: SignedIn, sent: HookForm) -> Response:
    with here.database.writing() as connection:
        secret = webhooks.add_hook(
            here.database, connection, here.seal, signed.reader, sent.url.strip(),
            live=not sent.plays, hosts=here.settings.webhook_hosts,
        )  # fmt: skip
        # The rest of the address may hold a secret of the receiver's.
        host = httpx.URL(sent.url.strip()).host
        record(here.database, connection, signed, "add webhook", detail=host)
    return _draw(request, here, signed, secret=secret)


def _rotate(request: Request, here: Service, signed: SignedIn, sent: HookForm) -> Response:
    """A form that is sent twice would else end the secret that the receiver still knows."""
    with here.database.writing() as connection:
        hook = _find(connection, signed, sent.hook, own=True)
        if webhooks.state_of(hook) != sent.state:
            raise UsageError("The secret has changed since.", remedy="Load the page again.")
        secret = webhooks.rotate_secret(
            here.database, connection, here.seal, hook.id, overlap=_hours(sent.overlap)
        )
        record(here.database, connection, signed, "rotate webhook", detail=hook.id)
    return _draw(request, here, signed, secret=secret)


def _hours(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise UsageError("These are no hours.", where="overlap", remedy="Give a number.") from error


def _test(request: Request, here: Service, signed: SignedIn, sent: HookForm) -> Response:
    wait = here.codes.take(f"webhook {signed.account}")
    if wait:
        raise TooOften(wait)
    with here.database.writing() as connection:
        hook = _find(connection, signed, sent.hook)
        record(here.database, connection, signed, "test webhook", detail=hook.id)
    # No transaction is open while the receiver is waited for.
    with here.open_client("", {}) as client:
        answer = send_test(here.database, client, here.seal, hook)
    return _draw(request, here, signed, tried=hook.id, answer=answer)


def _pause(
    _request: Request, here: Service, signed: SignedIn, sent: HookForm, *, paused: bool
) -> Response:
    verb = "pause webhook" if paused else "resume webhook"
    return _do_on_record(here, signed, sent, verb, partial(webhooks.pause_hook, paused=paused))


def _remove(_request: Request, here: Service, signed: SignedIn, sent: HookForm) -> Response:
    return _do_on_record(here, signed, sent, "remove webhook", webhooks.remove_hook)


ACTS: dict[str, Act[HookForm]] = {
    "add": _add, "rotate": _rotate, "test": _test, "remove": _remove,
    "pause": partial(_pause, paused=True), "resume": partial(_pause, paused=False),
}  # fmt: skip


def _do_on_record(
    here: Service,
    signed: SignedIn,
    sent: HookForm,
    verb: str,
    do: Callable[[Connection, str], None],
) -> Response:
    with here.database.writing() as connection:
        hook = _find(connection, signed, sent.hook)
        do(connection, hook.id)
        record(here.database, connection, signed, verb, detail=hook.id)
    return RedirectResponse("/webhooks", 303)


def _find(connection: Connection, signed: SignedIn, id: str, *, own: bool = False) -> Row[Any]:
    """Find a webhook that is one's own, or of anybody where one manages accounts.

    Raises:
        NoObject: there is none, or it is somebody else's.
    """
    query = select(table).where(table.c.id == id)
    if own or MANAGE not in signed.reader.verbs:
        query = query.where(table.c.account == signed.reader.name)
    found = connection.execute(query).one_or_none()
    if found is None:
        raise NoObject
    return found


def _draw(
    request: Request, here: Service, signed: SignedIn, *, error: UsageError | None = None,
    **told: Any,
) -> Response:  # fmt: skip
    database, reader = here.database, signed.reader
    with database.reading() as connection:
        query = select(table).order_by(table.c.account, table.c.url, table.c.id)
        rows = connection.execute(query).all()
        own = [one for one in rows if one.account == reader.name]
        listed = [
            (one, webhooks.state_of(one),
             webhooks.list_deliveries(database, connection, reader, one.id))
            for one in own
        ]  # fmt: skip
    empty: dict[str, Any] = {"secret": "", "tried": "", "answer": 0, "url": ""}
    others = [one for one in rows if one.account != reader.name] if MANAGE in reader.verbs else []
    return draw(
        request, "account/webhooks", signed, error=error, status=422 if error else 200,
        now=database.time(), listed=listed,
        others=[(one, httpx.URL(one.url).host) for one in others],
        hosts=here.settings.webhook_hosts, overlap=f"{webhooks.OVERLAP:.0f}",
        longest=f"{webhooks.LONGEST_OVERLAP:.0f}", is_taken=is_taken,
        **(empty | told),
    )  # fmt: skip
