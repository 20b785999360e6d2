"""Reviews of submissions: what a reviewer rejected, or did not approve, does not count.

KoboToolbox and ODK Central keep the decision in a column of their own beside the answers, whatever
form was filled in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tocsin.observe.checks.values import Refused

REVIEWS = ("_validation_status", "ReviewState", "reviewState")
"""Where KoboToolbox and ODK Central keep what a reviewer decided."""
UNAPPROVED = {
    "notapproved": "was not approved by its reviewer", "rejected": "was rejected by its reviewer",
    "hasissues": "has issues, its reviewer said", "draft": "is a draft",
    "onhold": "is on hold until its reviewer decides",
}  # fmt: skip
"""A decision without spaces and signs, and in words. What nobody reviewed yet counts."""


def check_review(fields: Mapping[str, Any]) -> None:
    """Refuse a record of any form whose reviewer decided against it.

    Args:
        fields: the record by heading; without a column of `REVIEWS` nothing is refused.

    Raises:
        Refused: it was rejected, was not approved, is a draft or waits for a decision.
    """
    for column in REVIEWS:
        refuse_unapproved(str(fields.get(column) or ""), column)


def refuse_unapproved(said: str, column: str) -> None:
    """Refuse a record by what its reviewer said.

    Args:
        said: the decision, as KoboToolbox or ODK Central writes it; empty where there is none.
        column: the heading, for the refusal.

    Raises:
        Refused: the decision is one of `UNAPPROVED`.
    """
    decided = said.casefold().removeprefix("validation_status_")
    why = UNAPPROVED.get(re.sub(r"[\W_]", "", decided))
    if why:
        raise Refused("review", f"The submission {why}.", column=column, value=said)
