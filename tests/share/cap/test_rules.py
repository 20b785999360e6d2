"""The page lists every rule as it is."""

from __future__ import annotations

from pathlib import Path

from tocsin.share.cap import RULES

PAGE = Path(__file__).parents[3] / "docs" / "methods" / "warnings.md"


def test_the_page_lists_every_rule() -> None:
    lines = PAGE.read_text("utf-8").splitlines()
    listed = {line for line in lines if line.startswith("| ")}
    for rule in RULES.values():
        row = f"| {rule.name} | {rule.severity} | {rule.clause} | {rule.meaning} |"
        assert row in listed
