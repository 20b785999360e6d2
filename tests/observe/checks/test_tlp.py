"""TLP: the strictest marking counts, and one that nobody can read forbids."""

from __future__ import annotations

from typing import Any

import pytest

from tocsin.errors import UsageError
from tocsin.observe.checks.tlp import (
    check_cells,
    declared_levels,
    is_free,
    marking,
    read_declared,
    unless_marked,
)
from tocsin.observe.checks.values import Refused

IDS = {
    "CLEAR": "94868c89-83c2-464b-929b-a1a8aa3c8487",
    "WHITE": "613f2e26-407d-48c7-9eca-b8e91df99dc9",
    "GREEN": "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "AMBER": "f88d31f6-486f-44da-b317-01333bde0b82",
    "AMBER+STRICT": "939a9414-2ddd-4d32-a0cd-375ea402b003",
    "RED": "5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
}


@pytest.mark.parametrize("level", IDS)
def test_levels(level: str) -> None:
    item = {"object_marking_refs": [f"marking-definition--{IDS[level].upper()}"]}
    assert marking(item, {}) == level
    assert is_free(level) == (level in ("CLEAR", "WHITE", "GREEN"))


def test_the_strictest_counts_wherever_it_stands() -> None:
    item = {
        "object_marking_refs": [f"marking-definition--{IDS['GREEN']}"],
        "granular_markings": [{"marking_ref": f"marking-definition--{IDS['AMBER']}"}],
    }
    assert marking(item, {}) == "AMBER"


@pytest.mark.parametrize(
    ("definition", "level", "free"),
    [
        ({"definition_type": "tlp", "definition": {"tlp": "green"}}, "GREEN", True),
        ({"name": "TLP:RED"}, "RED", False),
        ({"extensions": {"x": {"tlp_2_0": "amber+strict"}}}, "AMBER+STRICT", False),
        ({"name": "TLP:PURPLE"}, "unreadable", False),
        ({"definition_type": "statement", "definition": {"statement": "(c)"}}, None, True),
        ({"definition": {"statement": "Copyright 2024, Example Watch"}}, None, True),
        ({"extensions": 5, "definition": []}, "unreadable", False),
        (
            {
                "definition_type": "statement",
                "definition": {"statement": "custom"},
                "x_opencti_definition_type": "TLP",
                "x_opencti_definition": "TLP:AMBER+STRICT",
            },
            "AMBER+STRICT",
            False,
        ),
        (
            {
                "definition": {"statement": "custom"},
                "extensions": {"e": {"x_opencti_definition": "AMBER STRICT"}},
            },
            "AMBER+STRICT",
            False,
        ),
        (
            {"definition_type": "statement", "definition": {"statement": "TLP:AMBER+STRICT"}},
            "AMBER+STRICT",
            False,
        ),
        ({"definition": {"statement": "Shared under TLP : red, see below"}}, "RED", False),
        ({"definition": {"statement": "This is TLP:CLEAR."}}, "CLEAR", True),
        ({"x_opencti_definition": "PAP:RED", "definition": {}}, "PAP:RED", False),
        ({"x_opencti_definition": "PAP:GREEN", "definition": {}}, "PAP:GREEN", True),
        ({"definition": {"statement": "Classification: SECRET"}}, "unreadable", False),
        ({"definition": {"statement": "custom"}}, "unreadable", False),
    ],
)
def test_definitions_of_the_bundle(
    definition: dict[str, Any], level: str | None, free: bool
) -> None:
    known = {"marking-definition--1": {"type": "marking-definition"} | definition}
    found = marking({"object_marking_refs": ["marking-definition--1"]}, known)
    assert (found, is_free(found)) == (level, free)


@pytest.mark.parametrize("refs", [["nobody"], "nobody", [None], [{}], {"a": 1}])
def test_what_cannot_be_read_forbids(refs: object) -> None:
    assert not is_free(marking({"object_marking_refs": refs}, {}))


def test_a_level_of_another_protocol_counts_beside_tlp() -> None:
    known = {
        "marking-definition--1": {"type": "marking-definition", "name": "PAP:RED"},
    }
    clear = f"marking-definition--{IDS['CLEAR']}"
    item = {"object_marking_refs": [clear, "marking-definition--1"]}
    assert not is_free(marking(item, known))


def test_a_marking_of_language_limits_nothing() -> None:
    assert marking({"granular_markings": [{"lang": "fr", "selectors": ["name"]}]}, {}) is None


def test_what_somebody_says_of_a_marking_counts_where_it_says_nothing_itself() -> None:
    ref = "marking-definition--00000000-0000-4000-8000-00000000000{}"
    said = {"statement": "Desk circulation"}
    objects = {
        ref.format(1): {"type": "marking-definition", "definition": said},
        ref.format(2): {"type": "marking-definition", "name": "TLP:RED", "definition": said},
        "identity--1": {"type": "identity", "name": "Desk circulation"},
    }
    levels = declared_levels(objects, read_declared(["desk CIRCULATION = tlp:green"]))
    assert levels == {ref.format(1): "GREEN"}
    items = [{"object_marking_refs": [ref.format(one)]} for one in (1, 2)]
    assert [marking(item, objects, levels) for item in items] == ["GREEN", "RED"]
    assert marking(items[0], objects) == "unreadable"


@pytest.mark.parametrize("text", ["GREEN", "=GREEN", "Desk=PURPLE", "Desk="])
def test_a_marking_without_a_level_of_tlp_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="level"):
        read_declared([text])


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ({"labels": ["malware", "tlp:amber+strict"]}, "AMBER+STRICT"),
        ({"labels": ["tlp:ex:chr"]}, "unreadable"),
        ({"labels": ["outlpost", "papers"]}, None),
        ({"x_tlp": "RED"}, "RED"),
        ({"x_misp_tlp_level": "who knows"}, "unreadable"),
        ({"name": "TLP:RED Portal outage"}, "RED"),
        ({"name": "Leak of files marked TLP:RED"}, None),
        ({"labels": ["tlp:clear"]}, "CLEAR"),
    ],
)
def test_what_an_object_says_of_itself_is_its_marking(said: dict[str, Any], level: str) -> None:
    assert marking({"type": "incident", "id": "incident--1", **said}, {}) == level


def test_the_strictest_of_a_marking_and_a_label_counts() -> None:
    item = {"object_marking_refs": [f"marking-definition--{IDS['CLEAR']}"], "labels": ["tlp:red"]}
    assert marking(item, {}) == "RED"


@pytest.mark.parametrize(
    "fields",
    [
        {"TLP": "RED"}, {"tlp_level": "Amber strict"}, {"Remarks": "TLP:AMBER"},
        {"TLP": "internal"}, {"Marking": "[TLP:RED]"}, {"PAP": "red"},
    ],
)  # fmt: skip
def test_a_row_that_is_marked_is_refused_and_nothing_of_it_kept(fields: dict[str, str]) -> None:
    with pytest.raises(Refused, match="Only CLEAR and GREEN"):
        check_cells({"Place": "Gao", **fields})
    assert unless_marked(dict)({"Place": "Gao", **fields}) == {}


@pytest.mark.parametrize(
    "fields",
    [
        {"TLP": "green"}, {"TLP": ""}, {"TLP": "n/a"}, {"Remarks": "they spoke of TLP:RED"},
        {"Marking": "RED"}, {"Remarks": "TLP:CLEAR"},
    ],
)  # fmt: skip
def test_a_row_that_may_be_shown_is_read(fields: dict[str, str]) -> None:
    check_cells(fields)
