"""Names as a program that was written for 0.1 imports them."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable
from typing import Any

import pytest


def _import_old(module: str, name: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return getattr(importlib.import_module(f"tocsin.{module}"), name)


@pytest.fixture
def old() -> Callable[[str, str], Any]:
    """Give what has a name in a module, both as 0.1 called them."""
    return _import_old
