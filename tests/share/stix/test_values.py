"""Numbers, names and translations that OASIS's validator takes as they come."""

from __future__ import annotations

import json
from typing import Any

import pytest

from share.stix.bundles import LATER, OFFICE, PAGE, SIGN, TIME, bundle, made, without
from share.stix.musts import STATEMENT
from tocsin.share.stix import check
from tocsin.share.stix.lines import Lines
from tocsin.share.stix.values import check_values


def rules(*objects: dict[str, Any]) -> list[str]:
    return [one.rule for one in check_values(list(objects), Lines(b"[]"))]


def translated(contents: Any, *, modified: str = TIME) -> dict[str, Any]:
    return made("language-content", 41, object_ref=SIGN["id"], object_modified=modified,
                contents={"fr": contents})  # fmt: skip


@pytest.mark.parametrize(
    ("number", "is_told"),
    [(2**53 - 1, False), (2**53, True), (-(2**53), True), (1e300, False), (float("inf"), True)],
)
def test_a_number_is_one_that_every_receiver_can_hold(number: float, is_told: bool) -> None:
    for value in (number, [1, number], {"a": {"b": number}}):
        assert rules(OFFICE | {"x_a": value}) == ["number-range"] * is_told
    assert rules(without(OFFICE, "spec_version") | {"x_a": number}) == []  # of STIX 2.0


def test_a_number_of_many_digits_is_told_in_words() -> None:
    text = json.dumps(OFFICE | {"x_a": 77777}).replace("77777", "9" * 5000)
    told = check({"a.json": text.encode()})[0]
    assert [one.what for one in told.findings] == [
        "a whole number has 5,000 digits (STIX 2.1, 2.10)"
    ]


def test_a_name_has_at_most_250_signs() -> None:
    assert rules(OFFICE | {"x" * 250: 1}) == []
    assert rules(OFFICE | {"x" * 251: 1}) == ["name-long"]


def test_what_a_type_does_not_use_is_told_once_and_in_its_own_words() -> None:
    assert rules(STATEMENT) == rules(OFFICE | {"lang": "fr"}) == []
    assert rules(PAGE | {"lang": "fr"}) == ["property-unused"]
    told = check({"a.json": json.dumps(STATEMENT | {"modified": TIME}).encode()})[0]
    assert told.valid
    assert [(one.rule, one.severity) for one in told.findings] == [("property-unused", "warning")]


def test_a_marking_has_no_versions() -> None:
    other = STATEMENT | {"modified": LATER, "definition": {"statement": "(d)"}}
    told = check({"a.json": json.dumps(bundle(STATEMENT | {"modified": TIME}, other)).encode()})[0]
    assert [one.rule for one in told.findings if one.severity == "error"] == ["marking-versions"]


def test_a_translation_has_the_shape_of_what_it_translates() -> None:
    sign = SIGN | {"labels": ["a", "b"], "external_references": [{"source_name": "s"}]}
    right = {"name": "x", "labels": ["a", ""], "external_references": [{"source_name": "q"}],
             "no_such": 1}  # fmt: skip
    assert rules(sign, translated(right)) == []
    assert rules(sign, translated(right | {"external_references": [""]})) == []
    for wrong in ({"name": ["x"]}, {"labels": ["a"]}, {"labels": "a"},
                  {"external_references": [{"source_name": 5}]},
                  {"external_references": [5]}):  # fmt: skip
        assert rules(sign, translated(wrong)) == ["translation-shape"], wrong
        # Of another version nobody here knows the shape.
        assert rules(sign, translated(wrong, modified=LATER)) == []
    assert rules(sign, translated("x"), translated(None)) == []
