"""The frame of pages with several forms: each form names its act, which one address plays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, TypeVar

from fastapi import Request, Response
from pydantic import BaseModel, Field

from tocsin.errors import UsageError
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.web.asking import Service, check_person

Text = Annotated[str, Field(max_length=400)]


class ActForm(BaseModel):
    """What every form of such a page sends: the act that is asked for, and the page's own word."""

    act: Text
    csrf: Text = ""


Sent = TypeVar("Sent", bound=ActForm)
Act = Callable[[Request, Service, SignedIn, Sent], Response]


def play_act(
    acts: Mapping[str, Act[Sent]],
    request: Request,
    here: Service,
    signed: SignedIn,
    sent: Sent,
    *,
    draw_again: Callable[[UsageError], Response],
) -> Response:
    """Do what a form asks for, or draw its page again with what was wrong.

    Args:
        acts: what each act does, by its name in the form.
        request: the form's request.
        here: the server's parts.
        signed: who sent it.
        sent: the form's fields.
        draw_again: draws the page with the error above it.

    Raises:
        NotAllowed: the form does not come from a session of one's own.
    """
    check_person(request, signed, sent.csrf)
    try:
        if sent.act not in acts:
            raise UsageError("This cannot be done here.", where="act")
        return acts[sent.act](request, here, signed, sent)
    except UsageError as error:
        return draw_again(error)
