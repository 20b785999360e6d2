"""The application: all routes, with the protection around them."""

from __future__ import annotations

from fastapi import FastAPI

from tocsin.base.about import VERSION
from tocsin.share.server.api import accounts, live, objects, operations, reports
from tocsin.share.server.neighbours import routes as neighbours
from tocsin.share.server.pages import atlas, field, incidents, outlook, people, warnings
from tocsin.share.server.pages.account import oidc, others, own, second_factor, webhooks
from tocsin.share.server.pages.drawing import draw_problem
from tocsin.share.server.taxii import routes as taxii
from tocsin.share.server.web.asking import Service
from tocsin.share.server.web.problems import answer_errors
from tocsin.share.server.web.protection import Protection

ROUTERS = (
    # Routes are looked at one after another: what is asked most stands first.
    reports.router, objects.router, operations.router, accounts.router, warnings.router,
    incidents.router, outlook.router, atlas.router,
    people.router, field.router, taxii.router,
    own.router, others.router, oidc.router, second_factor.router, webhooks.router,
    neighbours.router, neighbours.witness_router, live.router,
)  # fmt: skip
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
    # Each route is whole in its router. To include the router would build it anew in every
    # application, at the first requests, which takes half a second.
    app.router.routes.extend(route for router in ROUTERS for route in router.routes)
    answer_errors(app, draw_problem)
    app.add_middleware(Protection, service=service)
    return app
