"""A user's own ledger of first uses: `actor, technology`, and `from, to` or `time`.

The columns are those of `tocsin diffuse --adoptions`, with a confidence and who says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tocsin.base.nearest import nearest
from tocsin.observe.checks.spans import days
from tocsin.observe.checks.values import Refused, maybe_decimal, text
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch
from tocsin.observe.sources.networks.user_rows import cite, organisation, period, read_rows
from tocsin.schema.vocabulary.folding import acronym, seal
from tocsin.schema.vocabulary.placeholder import is_placeholder
from tocsin.schema.vocabulary.technology import LABELS, TECHNOLOGIES

READ = ("actor", "technology", "from", "to", "time", "confidence", "source")
"""No other column is looked at."""
NEVER = frozenset({"never", "jamais", "nunca", "أبدا"})
"""What may stand for two empty days: that it has not had the class so far."""
EVERYDAY = {
    "uncrewed-aircraft": "drone drones uav uavs uas rpa quadcopter unmanned",
    "improvised-explosives": "ied ieds mine mines landmine landmines bomb bombs vbied svbied",
    "guided-or-indirect-fire": "rocket rockets missile missiles mortar mortars artillery atgm",
    "cyber": "hacking hackers intrusion malware ransomware ddos",
    "information-operations": "propaganda disinformation misinformation psyops",
}
"""Everyday words by which a class may have been meant; only proposed, since some mean more."""
SAFE = frozenset(
    {*TECHNOLOGIES, *(one.casefold() for one in LABELS.values()), *NEVER}
    | {word for words in EVERYDAY.values() for word in words.split()}
)
"""Words that a refusal may repeat, since they are nobody's name."""
INITIALS = 3
"""Fewer initials say nothing of a name."""
_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*[%٪]")
_COMMA = re.compile(r"[01],\d+")


class AdoptionList:
    """Reader of a user's own ledger of first uses, a row an organisation and technology class.

    It gives rows of the table `told_adoptions`.
    """

    kind = "adoptions"

    def knows(self, source: Source) -> bool:
        """Tell whether the file has `actor` and `technology`, and `time` or `to`."""
        header = set(source.header)
        return {"actor", "technology"} <= header and bool({"time", "to"} & header)

    def read(self, source: Source) -> Iterator[Batch]:
        """Read one row of `told_adoptions` from each record."""
        called = f"Adoptions ({source.name})"
        key = ("actor", "technology", "from_date", "to_date", "confidence", "source")
        return read_rows(
            source,
            "told_adoptions",
            lambda record: _adoption(record, called),
            called=called,
            key=key,
            read=READ,
            words=SAFE,
        )


def _adoption(record: Record, called: str) -> dict[str, object]:
    fields = record.fields
    fields = {**fields, "confidence": _confidence(fields.get("confidence") or "")}
    first, last = period(_empty_never(fields))
    if text(fields, "time"):
        exact = days(fields, "time")
        first, last = exact.start, exact.end
    confidence = maybe_decimal(fields, "confidence", low=0, high=1)
    actor = organisation(fields, "actor")
    initials = acronym(actor)
    return {
        "actor": seal(actor),
        "initials": seal(initials) if len(initials) >= INITIALS else None,
        "technology": _technology(text(fields, "technology") or ""),
        "from_date": first,
        "to_date": last,
        "confidence": 1.0 if confidence is None else confidence,
        "source": cite(text(fields, "source"), called, actor),
    }


def _technology(said: str) -> str:
    labels = {label.casefold(): one for one, label in LABELS.items()}
    if (found := labels.get(said.casefold(), said.casefold())) not in TECHNOLOGIES:
        words = re.findall(r"\w+", said.casefold())
        meant = [one for one, known in EVERYDAY.items() if set(words) & set(known.split())]
        near = meant[0] if meant else nearest(said, TECHNOLOGIES)
        proposed = f" Did you mean '{near}'?" if near else ""
        what = f"'{said}' is no technology class" if said else "No technology class is named"
        reason = f"{what}.{proposed} There are {', '.join(TECHNOLOGIES)}."
        raise Refused("class", reason, column="technology", value=said)
    return found


def _confidence(said: str) -> str:
    """Write '80 %' and '0,8' as a number; what else is no number is left as it is.

    Raises:
        Refused: a word such as 'high', which each reader takes for another number.
    """
    told = said.strip()
    if share := _PERCENT.fullmatch(told):
        return str(float(share[1].replace(",", ".")) / 100)
    if _COMMA.fullmatch(told):
        return told.replace(",", ".")
    if told.isalpha() and not is_placeholder(told):
        reason = f"'{told}' is a word, and each reader takes it for another number. Write the "
        reason += "number, from 0 to 1, such as 0.8."
        raise Refused("number", reason, column="confidence", value=said)
    return said


def _empty_never(fields: Mapping[str, str]) -> Mapping[str, str]:
    """The fields with what stands for 'never' left empty.

    Raises:
        Refused: a day is said not to be known: two empty days would say 'never'.
    """
    found = dict(fields)
    for column in ("from", "to"):
        told = (fields.get(column) or "").strip()
        if told.casefold() in NEVER:
            found[column] = ""
        elif is_placeholder(told) and any(letter.isalpha() for letter in told):
            reason = f"'{told}' says neither a day nor 'never'. Where it has the class and nobody "
            reason += "knows since when, give under 'to' a day by which it had it."
            raise Refused("date", reason, column=column, value=told)
    return found
