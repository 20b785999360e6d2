"""The application: all routes, with the protection around them."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from tocsin.base.about import VERSION
from tocsin.errors import TocsinError
from tocsin.share.server.api import accounts, objects, operations, reports
from tocsin.share.server.taxii import routes as taxii
from tocsin.share.server.web.asking import Service
from tocsin.share.server.web.problems import answer_errors, problem
from tocsin.share.server.web.protection import Protection

ROUTERS = (operations.router, objects.router, reports.router, accounts.router, taxii.router)
"""All routes of the server; a test asks at each of them what hidden rows change."""


def make_app(service: Service) -> FastAPI:
    """Make the application of a server.

    Args:
        service: the database and the settings.

    Returns:
        An application by the interface ASGI, which `uvicorn` and FastAPI's test client run.
    """
    app = FastAPI(
        title="tocsin", version=VERSION, docs_url=None, redoc_url=None,
        description="The exchange server of an early-warning workbench.",
    )  # fmt: skip
    app.state.service = service
    for router in ROUTERS:
        app.include_router(router)
    answer_errors(app, _draw)
    app.add_middleware(Protection, service=service)
    return app


def _draw(_request: Request, status: int, error: TocsinError) -> Response:
    return problem(status, error)
