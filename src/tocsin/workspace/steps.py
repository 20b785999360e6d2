"""The steps of the road, each found in the package that declares it."""

from __future__ import annotations

import importlib
from functools import cache

from tocsin.schema.step import Step

PACKAGES = (
    "observe",
    "assess.actors",
    "assess",
    "anticipate",
    "anticipate.alerts",
    "anticipate.ledger",
    "plan",
    "share",
)
"""The packages below `tocsin` that declare a `STEP`, in the order of the road."""


@cache
def steps() -> dict[str, Step]:
    """Every step by its name, in the order of the road."""
    declared = [importlib.import_module(f"tocsin.{name}").STEP for name in PACKAGES]
    return {step.name: step for step in declared}
