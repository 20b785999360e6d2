"""Deaths as sources estimate them: a best estimate, which stands, between two bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tocsin.observe.checks.doubt import Doubt
from tocsin.observe.checks.values import Refused, maybe_whole, whole


def estimates(
    fields: Mapping[str, str], *, low: str, best: str, high: str, required: bool = False
) -> dict[str, Any]:
    """Read the low, best and high estimate of a record.

    A bound that is not given is the best estimate; one that cannot be read is, too, and is
    doubted. Where only bounds are given the low one stands for the best, with a doubt. Whether
    the three are in order, `grading.grade` looks.

    Args:
        fields: the record by heading.
        low, best, high: the headings.
        required: the source always gives all three.

    Returns:
        `deaths_low, deaths_best, deaths_high`, all None where nothing is counted, and what is
        doubtful in `death_doubts`.

    Raises:
        Refused: the best estimate is no number of deaths, or is not there though it is required.
    """
    middle = whole(fields, best) if required else maybe_whole(fields, best)
    bounds: dict[str, int | None] = {}
    doubts: list[Doubt] = []
    for column, heading in (("deaths_low", low), ("deaths_high", high)):
        try:
            bounds[column] = maybe_whole(fields, heading)
        except Refused as refusal:
            bounds[column] = None
            kept = None if middle is None else str(middle)
            value = fields.get(heading, "")
            doubts.append(Doubt(column, value, kept, "estimates", refusal.reason))
            continue
        if required and bounds[column] is None:
            reason, value = f"'{heading}' is not known.", fields.get(heading, "")
            doubts.append(Doubt(column, value, str(middle), "estimates", reason))
    least, greatest = bounds["deaths_low"], bounds["deaths_high"]
    given = least if least is not None else greatest
    if middle is None and given is not None:
        middle = given
        reason = "Bounds of deaths are given without a best estimate: the lower one stands for it."
        doubts.append(Doubt("deaths_best", "", str(middle), "estimates", reason))
    found: dict[str, Any] = {
        "deaths_low": middle if least is None else least,
        "deaths_best": middle,
        "deaths_high": middle if greatest is None else greatest,
    }
    return found | ({"death_doubts": doubts} if doubts else {})
