"""What TAXII asks of every request and answer: media types, errors, and how programs sign in.

OASIS (2021), TAXII Version 2.1, 1.6.8 (media types), 3.6.1 (errors), 1.6.9 (authentication).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from tocsin.errors import TocsinError, UsageError
from tocsin.share.server.web.problems import STATUS

TAXII = "application/taxii+json;version=2.1"
ACCEPTED = {"*/*", "application/*", "application/taxii+json", "application/json"}
"""What a client may accept; a version that it names must be ours."""


class TaxiiRoute(APIRoute):
    """This is a route whose errors are those of TAXII, and whose callers may sign in as they do.

    TAXII asks servers for HTTP's basic authentication. The password is a token of this server, and
    the name beside it does not matter.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Give the function that answers, with errors told as TAXII tells them."""
        inner = super().get_route_handler()

        async def answer_taxii(request: Request) -> Response:
            try:
                _check_accept(request)
                _take_basic(request)
                return await inner(request)
            except HTTPException as error:
                return error_answer(error.status_code, "The request is wrong.")
            except RequestValidationError as error:
                where = ".".join(str(one) for one in error.errors()[0]["loc"][1:])
                return error_answer(400, f"The value of '{where}' is wrong.")
            except TocsinError as error:
                kinds = (one for one in type(error).__mro__ if one in STATUS)
                status = STATUS.get(next(kinds, TocsinError), 500)
                if status == 500:
                    raise
                wrong = isinstance(error, UsageError)
                return error_answer(400 if wrong else status, error.what, error.remedy)

        return answer_taxii


def _check_accept(request: Request) -> None:
    for part in request.headers.get("accept", "*/*").split(","):
        kind, _, more = part.strip().partition(";")
        version = more.replace(" ", "").partition("version=")[2].split(";")[0]
        if kind.strip().lower() in ACCEPTED and version in ("", "2.1"):
            return
    raise HTTPException(406)


def _take_basic(request: Request) -> None:
    """Turn a token that came as the password of basic authentication into a plain token."""
    headers = request.scope["headers"]
    for place, (name, value) in enumerate(headers):
        kind, _, told = value.decode("latin-1").partition(" ")
        if name != b"authorization" or kind.lower() != "basic":
            continue
        try:
            token = base64.b64decode(told, validate=True).decode().partition(":")[2]
        except ValueError:
            token = ""
        headers[place] = (name, f"Bearer {token}".encode())


def error_answer(status: int, title: str, description: str = "") -> Response:
    """Write an error as TAXII tells it (3.6.1).

    Args:
        status: the status of the answer.
        title: what is wrong.
        description: what to do.

    Returns:
        The answer.
    """
    told = {"title": title, "http_status": str(status)}
    if description:
        told["description"] = description
    headers = {"www-authenticate": 'Basic realm="taxii", Bearer'} if status == 401 else {}
    return taxii_answer(json.dumps(told).encode(), status, headers)


def taxii_answer(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Write an answer under TAXII's media type.

    Args:
        body: JSON.
        status: the status.
        headers: further headers.

    Returns:
        The answer.
    """
    return Response(body, status, {"content-type": TAXII, **(headers or {})})
