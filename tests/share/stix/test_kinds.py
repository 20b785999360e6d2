"""What objects of one type have, and those of another may not."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from share.stix.bundles import OFFICE, SIGHTING, bundle, made
from share.stix.habits import HOST
from tocsin.share.stix.kinds import check_kinds
from tocsin.share.stix.lines import Lines


def rules(*objects: dict[str, Any]) -> list[str]:
    return [one.rule for one in check_kinds(list(objects), Lines(b"[]"))]


def test_what_is_observed_may_be_defanged_and_nothing_else_of_the_standard() -> None:
    assert rules(HOST | {"defanged": True}) == []
    assert rules(OFFICE | {"defanged": False}) == ["defanged"]
    assert rules(made("x-own", 7, defanged=True)) == []


def test_what_is_sighted_is_a_domain_object() -> None:
    assert rules(SIGHTING) == []
    assert rules(SIGHTING | {"sighting_of_ref": HOST["id"]}) == ["reference-kind"]
    assert rules(SIGHTING | {"sighting_of_ref": made("x-own", 7)["id"]}) == []


def test_hexadecimal_digits_are_even_and_small() -> None:
    def file(digits: str) -> dict[str, Any]:
        return {"type": "file", "name": "a", "extensions": {"a": [{"magic_number_hex": digits}]}}

    assert rules(file("00ff")) == []
    assert [rules(file(one)) for one in ("", "0", "FF", "0x", "00 ")] == [["hexadecimal"]] * 5


def test_a_bundle_holds_no_bundle() -> None:
    assert rules(OFFICE, bundle(OFFICE)) == ["bundle-inside"]


ANY = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3),
                st.lists(st.text(max_size=2), max_size=2))  # fmt: skip
KEYS = ("id", "type", "sighting_of_ref", "defanged", "a_hex")


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), ANY), max_size=4))
def test_whatever_stands_there_is_looked_at(objects: list[dict[str, Any]]) -> None:
    assert all(one.rule for one in check_kinds(objects, Lines(b"[]")))
