"""Names that no longer work, each with why, and what is used in its place."""

from __future__ import annotations

GONE = {
    "anticipate.models.network.Cases": (
        "anticipate.models.learner.TrainingSet",
        "it held what the networks' fit took, and nothing takes that any more",
    ),
    "plan.region.model.simulate": (
        "compare",
        "it played a model of months with thirteen efforts that never change, and that is no more",
    ),
}
"""A name in a module (as the module is called now) to what is used in its place, both below
`tocsin`, and why it cannot go on working."""
