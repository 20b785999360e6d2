"""Reviews of submissions: what a reviewer rejected, or did not approve, does not count.

KoboToolbox and ODK Central keep the decision in a column of their own beside the answers, whatever
form was filled in. An office keeps it in a column 'Status' of its log, where a row that somebody
found twice is called a duplicate and stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from tocsin.observe.checks.values import Refused
from tocsin.schema.vocabulary.folding import HEADINGS, TEXTS

REVIEWS = ("_validation_status", "ReviewState", "reviewState")
"""Where KoboToolbox and ODK Central keep what a reviewer decided."""
UNAPPROVED = {
    "notapproved": "was not approved by its reviewer", "rejected": "was rejected by its reviewer",
    "hasissues": "has issues, its reviewer said", "draft": "is a draft",
    "onhold": "is on hold until its reviewer decides", "deleted": "was deleted on its server",
}  # fmt: skip
"""A decision without spaces and signs, and in words. What nobody reviewed yet counts."""
OWN = frozenset(
    {
        "status", "record status", "entry status", "row status", "statut", "statut de la fiche",
        "estado", "estado del registro", "situacao", "verification", "verification status",
        "validation", "validation status", "quality check", "duplicate", "doublon", "duplicado",
        "статус", "الحالة", "durum",
    }
)  # fmt: skip
"""Headings under which an office says whether a row of its log counts, folded by `HEADINGS`."""
NO_EVENT = {
    "a duplicate": "duplicate duplicated doublon duplicata duplicado duplicada "
                   "duplique дубликат дубль مكرر mukerrer",
    "not valid": "invalid invalide invalido invalida",
    "deleted": "deleted supprime supprimee eliminado eliminada excluido удалено محذوف",
    "a false alarm": "hoax bulo canular",
}  # fmt: skip
"""Words that say of the row itself that it tells of no event of its own, by what they say.

Words such as 'rejected' or 'closed' are not here: in a log they may be said of a claim or a case.
"""
_NO_EVENT = {word: what for what, words in NO_EVENT.items() for word in words.split()} | {
    "double entry": "a duplicate", "to be deleted": "deleted", "a supprimer": "deleted",
    "false alarm": "a false alarm", "fausse alerte": "a false alarm",
    "falsa alarma": "a false alarm", "falso alarme": "a false alarm",
}  # fmt: skip


@lru_cache(maxsize=1 << 12)
def is_own_status(column: str) -> bool:
    """Tell whether a heading is one of `OWN`.

    >>> is_own_status("Statut"), is_own_status("Status of the road")
    (True, False)
    """
    return HEADINGS.fold(column).strip() in OWN


def check_own_status(fields: Mapping[str, Any]) -> None:
    """Refuse a row of an office's log of which its own column of status says that it is no event.

    Args:
        fields: the record by heading; without a column of `OWN` nothing is refused.

    Raises:
        Refused: the row is a duplicate, not valid, deleted or a false alarm.
    """
    for column, said in fields.items():
        if not said or not is_own_status(column):
            continue
        bare = re.sub(r"[\W_]+", " ", TEXTS.fold(str(said)[:60])).strip()
        if what := _NO_EVENT.get(bare):
            reason = f"The row is {what}, says '{column}'."
            raise Refused("review", reason, column=column, value=str(said))


def check_review(fields: Mapping[str, Any]) -> None:
    """Refuse a record of any form whose reviewer decided against it.

    Args:
        fields: the record by heading; without a column of `REVIEWS` nothing is refused.

    Raises:
        Refused: it was rejected, was not approved, is a draft or waits for a decision.
    """
    for column, said in fields.items():
        # OData has ReviewState in an object of its own, so that a path stands before its name.
        if said and column.rpartition("/")[2] in REVIEWS:
            refuse_unapproved(str(said), column)


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
