"""What all results share: they say on one line what they hold, and show it in a notebook."""

from __future__ import annotations

from dataclasses import fields
from html import escape
from typing import Any

import polars as pl


class Result:
    """This is a frozen set of named tables and values; the functions of the front door give one.

    Printing it tells its tables and their heights; a notebook shows its first table too.
    """

    def _heading(self) -> str:
        """One line on what this is."""
        return type(self).__name__

    def __repr__(self) -> str:
        named = [f"  .{name:<20} {_short_text(value)}" for name, value in self._values()]
        return "\n".join([self._heading(), *named])

    def _repr_html_(self) -> str:
        values = self._values()
        shown = next((v for _, v in values if isinstance(v, pl.DataFrame) and v.height), None)
        listed = "".join(
            f"<tr><td style='text-align:left'><code>.{name}</code></td>"
            f"<td style='text-align:left'>{escape(_short_text(value))}</td></tr>"
            for name, value in values
        )
        table = "" if shown is None else str(shown._repr_html_())
        return f"<p><b>{escape(self._heading())}</b></p>{table}<table>{listed}</table>"

    def _values(self) -> list[tuple[str, Any]]:
        return [
            (one.name, getattr(self, one.name))
            for one in fields(self)  # type: ignore[arg-type]
            if not one.name.startswith("_")
        ]


def _short_text(value: object) -> str:
    if isinstance(value, pl.DataFrame):
        names = ", ".join(value.columns[:6]) + (", …" if value.width > 6 else "")
        return f"{value.height:,} × {value.width}: {names}"
    text = repr(value)
    return text if len(text) <= 90 else f"{text[:89]}…"
