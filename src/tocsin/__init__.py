"""tocsin: an early-warning workbench. observe → assess → anticipate → plan → share.

The front door, from frames to results with named attributes: `read` files, `link` event tables,
`fuse` reports, `forecast` counts, `compare` portfolios, or walk the whole road with `brief`.

>>> import tocsin
>>> [name for name in ("read", "link", "fuse", "forecast", "compare") if name in dir(tocsin)]
['read', 'link', 'fuse', 'forecast', 'compare']

The five rooms of the road keep their own names:

>>> sorted(tocsin.STAGES, key=tocsin.STAGES.index)
['observe', 'assess', 'anticipate', 'plan', 'share']

Nothing heavy is imported until it is named.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from tocsin.base.about import STAGES, VERSION
from tocsin.front.old import install

if TYPE_CHECKING:
    from tocsin import anticipate as anticipate
    from tocsin import assess as assess
    from tocsin import observe as observe
    from tocsin import plan as plan
    from tocsin import schema as schema
    from tocsin import share as share
    from tocsin.errors import MissingExtra as MissingExtra
    from tocsin.errors import TocsinError as TocsinError
    from tocsin.front.compare import Compared as Compared
    from tocsin.front.compare import compare as compare
    from tocsin.front.forecast import Forecast as Forecast
    from tocsin.front.forecast import forecast as forecast
    from tocsin.front.fuse import Fused as Fused
    from tocsin.front.fuse import fuse as fuse
    from tocsin.front.link import Links as Links
    from tocsin.front.link import link as link
    from tocsin.front.plugins import plugins as plugins
    from tocsin.front.read import Read as Read
    from tocsin.front.read import read as read
    from tocsin.workspace.road import brief as brief
    from tocsin.workspace.store import Workspace as Workspace

__version__ = VERSION

_LAZY = {
    "Compared": "tocsin.front.compare",
    "Forecast": "tocsin.front.forecast",
    "Fused": "tocsin.front.fuse",
    "Links": "tocsin.front.link",
    "MissingExtra": "tocsin.errors",
    "Read": "tocsin.front.read",
    "TocsinError": "tocsin.errors",
    "Workspace": "tocsin.workspace.store",
    "brief": "tocsin.workspace.road",
    "compare": "tocsin.front.compare",
    "forecast": "tocsin.front.forecast",
    "fuse": "tocsin.front.fuse",
    "link": "tocsin.front.link",
    "plugins": "tocsin.front.plugins",
    "read": "tocsin.front.read",
}
"""Public name to the module that holds it."""

__all__ = [
    "STAGES",
    "Compared",
    "Forecast",
    "Fused",
    "Links",
    "MissingExtra",
    "Read",
    "TocsinError",
    "Workspace",
    "__version__",
    "anticipate",
    "assess",
    "brief",
    "compare",
    "forecast",
    "fuse",
    "link",
    "observe",
    "plan",
    "plugins",
    "read",
    "schema",
    "share",
]

install()


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        found = getattr(importlib.import_module(_LAZY[name]), name)
        globals()[name] = found
        return found
    if name in STAGES or name == "schema":
        return importlib.import_module(f"tocsin.{name}")
    from tocsin.base.nearest import nearest

    near = nearest(name, __all__)
    meant = f"; did you mean '{near}'?" if near else ""
    raise AttributeError(f"module 'tocsin' has no attribute '{name}'{meant}")


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
