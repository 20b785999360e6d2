"""Which functions have a bare participle for a name, by their syntax trees.

Such a name (`told`, `joined`, `_kept`) says neither what is done nor what is there. A participle
before its noun (`shipped_actors`), in a property or after `with` reads well and does not count.

Example:
    python tests/participles.py
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "tocsin"
IRREGULAR = frozenset(
    [
        "begun",
        "born",
        "bought",
        "broken",
        "brought",
        "built",
        "caught",
        "chosen",
        "dealt",
        "done",
        "drawn",
        "driven",
        "fallen",
        "felt",
        "found",
        "forgotten",
        "frozen",
        "given",
        "gone",
        "grown",
        "heard",
        "held",
        "hidden",
        "kept",
        "known",
        "laid",
        "led",
        "lent",
        "lost",
        "made",
        "meant",
        "met",
        "paid",
        "said",
        "seen",
        "sent",
        "shaken",
        "shown",
        "sold",
        "spent",
        "spoken",
        "stolen",
        "struck",
        "taken",
        "taught",
        "thought",
        "told",
        "torn",
        "undone",
        "understood",
        "withheld",
        "won",
        "written",
    ]
)
NOUNS = frozenset({"seed", "feed", "need", "speed", "bound"})
"""Words of these forms that are no participles, or not here: a bound is the end of an interval."""
MODELS = frozenset({"smoothed"})
"""Functions that users name on the command line as models."""
SPOKEN = ("property", "contextmanager", "validator", "fixture", "listens_for")
"""Decorators of what is not called, or stands after `with`."""


def is_bare(name: str) -> bool:
    """Is a name a participle and nothing else, or one that is denied?

    >>> is_bare("_told"), is_bare("_not_counted"), is_bare("told_again"), is_bare("find_kept")
    (True, True, False, False)
    """
    words = name.strip("_").split("_")
    last = words[-1]
    if words[:-1] not in ([], ["not"], ["as"]) or last in NOUNS or name in MODELS:
        return False
    return last in IRREGULAR or (last.endswith("ed") and len(last) > 3)


def find_participles(source: Path = SOURCE) -> Iterator[str]:
    """List the functions and methods that have such a name, as `file:line name`."""
    for path in sorted(source.rglob("*.py")):
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and is_bare(node.name):
                how = " ".join(ast.unparse(one) for one in node.decorator_list)
                if not any(word in how for word in SPOKEN):
                    yield f"{path.relative_to(source)}:{node.lineno} {node.name}"


if __name__ == "__main__":
    found = list(find_participles())
    print(*found, f"{len(found)} functions have a bare participle for a name.", sep="\n")
