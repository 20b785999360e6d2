"""The steps of the road, each found in the package that declares it."""

from __future__ import annotations

import importlib

from tocsin.schema.step import Step

PACKAGES = {
    "observe": "observe",
    "decide": "assess.actors",
    "judge": "assess.technology",
    "assess": "assess",
    "anticipate": "anticipate",
    "diffuse": "anticipate.diffusion.region",
    "alerts": "anticipate.alerts",
    "track": "anticipate.forecast_ledger",
    "plan": "plan",
    "parts": "plan.play.parts",
    "share": "share",
}
"""Step to the package below `tocsin` that declares it as `STEP`, in the order of the road."""


def find_step(name: str) -> Step:
    """Find a step by its name; of all stages only the step's own is imported.

    Args:
        name: one of `PACKAGES`, such as 'assess'.

    Returns:
        The step, as its package declares it.

    Raises:
        KeyError: there is no such step.
    """
    step: Step = importlib.import_module(f"tocsin.{PACKAGES[name]}").STEP
    return step


def all_steps() -> dict[str, Step]:
    """Give every step by its name, in the order of the road."""
    return {name: find_step(name) for name in PACKAGES}
