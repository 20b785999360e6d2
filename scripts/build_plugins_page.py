"""Write docs/plugins.md: what is looked up by name, from the registry itself.

Run it after adding a reader, a forecaster, a lever, an export or a comparison; a test fails where
the page is older than the registry.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

from tocsin.assess.linkage.pairs.registry import Addition
from tocsin.base.registry import Door
from tocsin.front.plugins import doors
from tocsin.plan.portfolios.levers import Lever

PAGE = Path(__file__).parents[1] / "docs" / "plugins.md"
HEAD = """# What is looked up by name

*Written by `scripts/build_plugins_page.py` from the registry.* `tocsin plugins` prints the same
list, with what the packages installed on your machine add. [How to add one](extend.md).
"""
SHAPE = "Sorted draws of shape"
"""How a model's docstring begins where its module says what the model is."""


def page() -> str:
    """The whole page: a section a door, a row a thing."""
    return "\n".join([HEAD, *(_section(door) for door in doors())])


def _section(door: Door[Any]) -> str:
    lines = [
        f"## {door.kind[0].upper()}{door.kind[1:]}",
        "",
        f"Entry points: `{door.group}`. It {door.meaning}.",
        "",
    ]
    if not door.own:
        return "\n".join([*lines, "tocsin itself brings none yet.", ""])
    lines += ["| name | what it is |", "|---|---|"]
    lines += [f"| `{name}` | {_meaning(door.find(name))} |" for name in door.own]
    if door.reserved:
        names = ", ".join(f"`{name}`" for name in door.reserved)
        lines += ["", f"These names are taken too: {names}."]
    return "\n".join([*lines, ""])


def _meaning(thing: Any) -> str:
    if isinstance(thing, Lever):
        return f"{thing.label}; two thirds of its effect after {thing.delay:g} months"
    if isinstance(thing, Addition):
        labels = [level.label for level in thing.comparison.levels]
        return f"{len(labels)} levels, from *{labels[0]}* to *{labels[-1]}*"
    said = inspect.getdoc(thing) or ""
    if said.startswith(SHAPE):
        said = (inspect.getmodule(thing).__doc__ or "").strip()  # type: ignore[union-attr]
    return said.split("\n\n", maxsplit=1)[0].replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
