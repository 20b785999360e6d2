"""Markings of STIX in the server: none is loosened, none is taken for another."""

from __future__ import annotations

from typing import Any

import pytest

from tocsin.schema.vocabulary.marking import TLP_2
from tocsin.share.server.taxii.keeping import audience_for, micros_of, statements_among

IDS = {level: f"marking-definition--{uuid}" for uuid, level in TLP_2.items()}
WHITE = "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"
PLATFORM = "marking-definition--826578e1-40ad-459f-bc73-ede076f81f37"
OTHER = "marking-definition--00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("told", "level"),
    [
        *(({"object_marking_refs": [id]}, level) for level, id in IDS.items()),
        ({"object_marking_refs": [WHITE]}, "CLEAR"),
        ({"object_marking_refs": [PLATFORM]}, "AMBER+STRICT"),
        ({"object_marking_refs": [IDS["GREEN"], IDS["AMBER"]]}, "AMBER"),
        ({"object_marking_refs": [IDS["GREEN"], OTHER]}, "RED"),
        ({"granular_markings": [{"marking_ref": IDS["RED"], "selectors": ["a"]}],
          "object_marking_refs": [IDS["CLEAR"]]}, "RED"),
        ({}, "AMBER+STRICT"),
        ({"object_marking_refs": None}, "AMBER+STRICT"),
    ],
)  # fmt: skip
def test_the_strictest_marking_counts(told: dict[str, Any], level: str) -> None:
    found = audience_for(told, "Health", "Ama")
    assert found.level == level
    assert {one.owner for one in found.markings} == {"Health"}


def test_a_copyright_restricts_nothing() -> None:
    statement = {"id": OTHER, "type": "marking-definition", "definition_type": "statement"}
    known = statements_among([statement, {"id": "x"}, 3])
    assert known == {OTHER}
    marked = {"object_marking_refs": [IDS["GREEN"], OTHER]}
    assert audience_for(marked, "Health", "Ama", known).level == "GREEN"


def test_times() -> None:
    assert micros_of("2026-01-01T00:00:00.100Z") == micros_of("2026-01-01T01:00:00.1+01:00")
    assert micros_of("1970-01-01T00:00:00Z") == 1
    for text in ("", "2026-01-01T00:00:00", "yesterday"):
        assert micros_of(text) is None
