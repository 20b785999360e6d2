"""Errors as answers: JSON by RFC 9457 for programs, a plain page for people.

An answer says nothing of what the asker may not see: a hidden object and a missing one give the
same bytes, and a fault of the program says only that there was one.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException

from tocsin.errors import TocsinError, UsageError
from tocsin.share.server.access.refusals import NotAllowed, NotSignedIn, Stale, TooOften
from tocsin.share.server.accounts.people import NoInvitation
from tocsin.share.server.database.objects import NoObject, TooLarge

STATUS: dict[type[TocsinError], int] = {
    NoObject: 404, NoInvitation: 404, NotSignedIn: 401, NotAllowed: 403, Stale: 412,
    TooOften: 429, TooLarge: 413, UsageError: 422,
}  # fmt: skip
UNKEPT = (UnicodeEncodeError, OverflowError, RecursionError, DataError)
"""What libraries raise for text that is half a character or holds a zero, and for numbers or depths
beyond what a database or JSON takes."""
PROBLEM = "application/problem+json"
logger = logging.getLogger("tocsin.server")

Draw = Callable[[Request, int, TocsinError], Response]
"""Draws an error as a page."""


def unkept(error: Exception) -> TocsinError:
    """Give the error that a sender is told: its own, or that what was sent cannot be kept.

    Args:
        error: an error of tocsin, or one of `UNKEPT`.
    """
    if isinstance(error, TocsinError):
        return error
    return UsageError(
        "The request holds signs or numbers that cannot be kept.",
        remedy="Leave out what is no text, and numbers of more than 18 digits.",
    )


def problem(status: int, error: TocsinError) -> Response:
    """Write an error for programs.

    Args:
        status: the status of the answer.
        error: the error.

    Returns:
        The answer.
    """
    told = {"status": status, "title": error.what, "detail": error.remedy}
    if error.where:
        told["where"] = error.where
    body = json.dumps({"type": "about:blank", **told}, ensure_ascii=False, sort_keys=True)
    headers = {"retry-after": str(error.seconds)} if isinstance(error, TooOften) else {}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    return Response(body.encode(), status, headers, PROBLEM)


def answer_errors(app: FastAPI, draw: Draw) -> None:
    """Let an application answer errors: as pages below `/pages` and `/`, as JSON elsewhere.

    Args:
        app: the application.
        draw: draws an error as a page.
    """

    def tell(request: Request, status: int, error: TocsinError) -> Response:
        if _is_for_programs(request):
            return problem(status, error)
        return draw(request, status, error)

    @app.exception_handler(TocsinError)
    def _tocsin(request: Request, error: TocsinError) -> Response:
        kinds = (one for one in type(error).__mro__ if one in STATUS)
        status = STATUS.get(next(kinds, TocsinError), 500)
        if status == 500:
            logger.error(json.dumps({"error": type(error).__name__, "what": error.what}))
            error = TocsinError("The server could not do this.", remedy="Try again later.")
        return tell(request, status, error)

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(one) for one in first["loc"][1:])
        return tell(request, 422, UsageError(f"{first['msg']}.", where=where))

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        words = {
            404: "There is no such page.",
            405: "This cannot be done here.",
            413: "The request is too large.",
        }
        what = words.get(error.status_code, "The request is wrong.")
        return tell(request, error.status_code, TocsinError(what))

    def _odd(request: Request, error: Exception) -> Response:
        return tell(request, 422, unkept(error))

    for kind in UNKEPT:
        app.add_exception_handler(kind, _odd)

    @app.exception_handler(Exception)
    def _fault(request: Request, error: Exception) -> Response:
        # The words of an unforeseen error may hold data of others; its kind does not.
        logger.error(json.dumps({"error": type(error).__name__}), exc_info=error)
        return tell(request, 500, TocsinError("The server could not do this."))


def _is_for_programs(request: Request) -> bool:
    return request.url.path.startswith(("/api/", "/taxii2/", "/metrics", "/health", "/openapi"))
