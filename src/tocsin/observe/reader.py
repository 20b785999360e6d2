"""What a reader of a source is, and how its records become rows or quarantine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import polars as pl

from tocsin.errors import SourceRefused
from tocsin.observe.records import Record, Sheet
from tocsin.observe.values import Refused
from tocsin.schema import STAGE_TABLES, TABLES, conform, empty

Rows = dict[str, list[dict[str, Any]]]


class Reader(Protocol):
    """A source. A third party offers one as an entry point in the group `tocsin.readers`."""

    kind: str
    """Short name of the source, as `files` records it."""
    columns: frozenset[str]
    """The columns by which a file of this source is known."""

    def read(self, sheet: Sheet) -> Mapping[str, pl.DataFrame]:
        """The tables of `observe` that the sheet gives, `files` and `quarantine` among them."""
        ...


@dataclass
class Sorting:
    """Sorts the records of one sheet: rows of tables to one side, quarantine to the other."""

    sheet: Sheet
    kind: str
    source: str
    native_id: str | None = None
    rows: Rows = field(default_factory=dict)
    refused: list[dict[str, Any]] = field(default_factory=list)
    accepted: int = 0

    def require(self, columns: Iterable[str]) -> None:
        """Refuse the whole sheet if a column that every record needs is not there.

        Raises:
            SourceRefused: names the columns that are missing.
        """
        missing = [name for name in columns if name not in self.sheet.header]
        if missing:
            raise SourceRefused(
                f"Columns are missing: {', '.join(missing)}.",
                where=self.sheet.path.name,
                remedy=f"A file of the kind '{self.kind}' has them; see docs/sources.",
            )

    def sort(self, parse: Callable[[Record], Rows], key: Callable[[Rows], Sequence[Any]]) -> None:
        """Parse each record; a record that breaks a rule, or whose key came before, is refused."""
        seen: dict[Any, int] = {}
        for record in self.sheet.records:
            try:
                if record.fault:
                    raise Refused(*record.fault)
                rows = parse(record)
                keys = key(rows)
                for one in keys:
                    if one in seen:
                        reason = f"The same record came before, as number {seen[one]}."
                        raise Refused("duplicate", reason)
            except Refused as refusal:
                self._refuse(record, refusal)
                continue
            seen.update(dict.fromkeys(keys, record.number))
            self.accepted += 1
            for table, found in rows.items():
                self.rows.setdefault(table, []).extend(found)

    def _refuse(self, record: Record, refusal: Refused) -> None:
        self.refused.append(
            {
                "source_file": self.sheet.path.name,
                "source_row": record.number,
                "native_id": record.fields.get(self.native_id or "") or None,
                "column": refusal.column,
                "value": refusal.value,
                "rule": refusal.rule,
                "reason": refusal.reason,
                "original": record.original,
                "source": self.source,
            }
        )

    def tables(self) -> dict[str, pl.DataFrame]:
        """All tables of `observe`, each as declared in the schema, empty where nothing came."""
        rows = {**self.rows, "quarantine": self.refused, "files": [self._file()]}
        return {name: _frame(name, rows.get(name, [])) for name in STAGE_TABLES["observe"]}

    def _file(self) -> dict[str, Any]:
        return {
            "file": self.sheet.path.name,
            "sha256": self.sheet.sha256,
            "kind": self.kind,
            "rows": len(self.sheet.records),
            "accepted": self.accepted,
            "quarantined": len(self.refused),
            "source": self.source,
        }


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    nothing = empty(TABLES[name])
    if not rows:
        return nothing
    return conform(TABLES[name], pl.DataFrame(rows, schema=nothing.schema))
