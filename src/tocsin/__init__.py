"""tocsin: an early-warning workbench. observe → assess → anticipate → plan → share.

The road in five calls, each from tables to tables:

>>> import tocsin
>>> sorted(tocsin.STAGES, key=tocsin.STAGES.index)
['observe', 'assess', 'anticipate', 'plan', 'share']

Nothing heavy is imported until a stage is named.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from tocsin.base.about import STAGES, VERSION
from tocsin.base.moved import install

if TYPE_CHECKING:
    from tocsin.errors import MissingExtra as MissingExtra
    from tocsin.errors import TocsinError as TocsinError
    from tocsin.workspace.road import brief as brief
    from tocsin.workspace.store import Workspace as Workspace

__version__ = VERSION

_LAZY = {
    "MissingExtra": "tocsin.errors",
    "TocsinError": "tocsin.errors",
    "Workspace": "tocsin.workspace.store",
    "brief": "tocsin.workspace.road",
}

__all__ = ["STAGES", "MissingExtra", "TocsinError", "Workspace", "__version__", "brief"]

install()


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name]), name)
    if name in STAGES or name == "schema":
        return importlib.import_module(f"tocsin.{name}")
    raise AttributeError(f"module 'tocsin' has no attribute '{name}'")
