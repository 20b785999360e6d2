"""STIX as partners send it: what OASIS's validator says, and what it leaves out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from share.stix.bundles import BUNDLES
from share.stix.clauses import CLAUSES
from share.stix.extensions import EXTENSIONS
from share.stix.habits import HABITS
from share.stix.musts import MUSTS
from tocsin.share.stix import check
from tocsin.share.stix.lines import Lines
from tocsin.share.stix.selectors import check_selectors

TIME = "2026-11-25T10:00:00.000Z"
IDENTITY: dict[str, Any] = {
    "type": "identity", "spec_version": "2.1",
    "id": "identity--8c6af861-7b20-41ef-9b59-6344fd872a8f",
    "created": TIME, "modified": TIME, "name": "Office", "identity_class": "organization",
}  # fmt: skip
PLATFORM = "marking-definition--826578e1-40ad-459f-bc73-ede076f81f37"


def found(*objects: dict[str, Any]) -> dict[str, str]:
    """Rule to severity, of a bundle."""
    bundle = {
        "type": "bundle",
        "id": "bundle--5330e3e3-8f58-4d21-9f4b-793a054c0d33",
        "objects": list(objects),
    }
    told = check({"b.json": json.dumps(bundle, indent=1).encode()})[0]
    return {one.rule: one.severity for one in told.findings}


def test_a_right_object_has_no_finding() -> None:
    assert found(IDENTITY) == {}
    alone = check({"i.json": json.dumps(IDENTITY).encode()})[0]
    assert alone.valid
    assert alone.summary == "1 object (1 identity); markings: 1 unmarked"


def test_the_validator_is_asked_and_the_line_is_told() -> None:
    wrong = {key: value for key, value in IDENTITY.items() if key != "modified"}
    told = check({"i.json": json.dumps(wrong, indent=1).encode()})[0]
    assert not told.valid
    assert [(one.line, one.rule) for one in told.findings] == [(4, "schema")]
    assert "modified" in told.findings[0].what
    earlier = IDENTITY | {"modified": "2015-01-01T00:00:00.000Z"}
    assert found(earlier) == {"schema": "error"}


def test_a_level_under_another_levels_identifier_is_an_error() -> None:
    white = {
        "type": "marking-definition", "spec_version": "2.1", "created": "2017-01-20T00:00:00.000Z",
        "id": "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
        "definition_type": "tlp", "name": "TLP:CLEAR", "definition": {"tlp": "clear"},
    }  # fmt: skip
    assert found(white)["marking-misnamed"] == "error"
    right = white | {"name": "TLP:WHITE", "definition": {"tlp": "white"}}
    assert "marking-misnamed" not in found(right)


def test_a_platforms_own_identifier_is_told() -> None:
    told = found(IDENTITY | {"object_marking_refs": [PLATFORM]})
    assert told["marking-platform"] == "warning"
    assert told["marking-unknown"] == "warning"
    oasis = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"
    assert found(IDENTITY | {"object_marking_refs": [oasis]}) == {}


def test_two_levels_at_once_are_told() -> None:
    refs = [
        "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
        "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
    ]
    assert found(IDENTITY | {"object_marking_refs": refs}) == {"marking-several": "warning"}


def test_one_version_says_one_thing() -> None:
    assert found(IDENTITY, IDENTITY)["twice"] == "warning"
    assert found(IDENTITY, IDENTITY | {"name": "Other"})["version-forked"] == "error"
    later = IDENTITY | {"name": "Other", "modified": "2026-11-26T10:00:00.000Z"}
    assert found(IDENTITY, later) == {}


def test_a_file_of_the_older_version_is_held_to_its_own_rules() -> None:
    older = {key: value for key, value in IDENTITY.items() if key != "spec_version"}
    bundle = {"type": "bundle", "id": "bundle--5330e3e3-8f58-4d21-9f4b-793a054c0d33"}
    whole = bundle | {"spec_version": "2.0", "objects": [older]}
    told = check({"b.json": json.dumps(whole).encode()})[0]
    assert told.valid
    assert [(one.rule, one.severity) for one in told.findings] == [("version", "warning")]
    wrong = whole | {"objects": [older | {"modified": "yesterday"}]}
    assert not check({"b.json": json.dumps(wrong).encode()})[0].valid
    assert found(IDENTITY, older | {"id": IDENTITY["id"].replace("8c", "8d")}) == {
        "version": "error"
    }


def test_what_the_validator_cannot_read_hides_nothing_else() -> None:
    indicator = IDENTITY | {
        "type": "indicator", "id": "indicator--8c6af861-7b20-41ef-9b59-6344fd872a8f",
        "pattern": "", "pattern_type": "stix", "valid_from": TIME,
    }  # fmt: skip
    place = IDENTITY | {
        "type": "location", "id": "location--8c6af861-7b20-41ef-9b59-6344fd872a8f",
    }  # fmt: skip
    bundle = {"type": "bundle", "id": "bundle--5330e3e3-8f58-4d21-9f4b-793a054c0d33"}
    whole = json.dumps(bundle | {"objects": [indicator, place]}, indent=1).encode()
    errors = [one for one in check({"b": whole})[0].findings if one.severity == "error"]
    assert {one.where for one in errors} == {indicator["id"], place["id"]}
    assert all("{'" not in one.what for one in errors)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"nonsense", b'{"type": 1}', b"\xff", b"[1]", b'{"a":1,"a":2}',
     b"[" * 100_000, b'{"type": "bundle", "objects": {}}', b'{"type": "x", "score": NaN}',
     b'{"type": "x"}\n{"type": "y"}', b'{"type": "x", "name": "\\ud800"}'],
)  # fmt: skip
def test_what_is_no_stix_is_said_to_be_none(content: bytes) -> None:
    told = check({"x.json": content})[0]
    assert not told.valid
    assert [one.rule for one in told.findings] == ["readable"]


@pytest.mark.slow
@pytest.mark.parametrize("name", [*BUNDLES, *HABITS])
def test_bundles_of_partners_get_the_verdict_of_the_standard(name: str) -> None:
    valid, rules, whole = (BUNDLES | HABITS)[name]
    told = check({"b.json": json.dumps(whole).encode()})[0]
    assert told.valid == valid, told.findings
    assert {one.rule for one in told.findings} == set(rules.split())


@pytest.mark.slow
@pytest.mark.parametrize("name", [*CLAUSES, *EXTENSIONS])
def test_bundles_get_the_verdict_of_the_clause(name: str) -> None:
    _clause, errors, told, sent = (CLAUSES | EXTENSIONS)[name]
    text = sent if isinstance(sent, str | bytes) else json.dumps(sent)
    found = check({"b.json": text.encode() if isinstance(text, str) else text})[0]
    assert {one.rule for one in found.findings if one.severity == "error"} == set(errors.split())
    assert {one.rule for one in found.findings if one.severity != "error"} == set(told.split())


@pytest.mark.slow
@pytest.mark.parametrize("clause", MUSTS)
def test_what_must_not_be_is_an_error_and_no_warning(clause: str) -> None:
    assert not check({"b.json": json.dumps(MUSTS[clause]).encode()})[0].valid


def test_more_digits_than_three_are_right_in_the_standard_of_today_and_wrong_in_that_before() -> (
    None
):
    """2.1, 3.2: at least milliseconds, and more is allowed; 2.0 asked for exactly three digits."""
    times = {key: TIME.replace("Z", "123456Z") for key in ("created", "modified")}
    assert found(IDENTITY | times) == {"time-digits": "note"}
    older = {key: value for key, value in IDENTITY.items() if key != "spec_version"}
    whole = {"type": "bundle", "id": "bundle--5330e3e3-8f58-4d21-9f4b-793a054c0d33"}
    whole |= {"spec_version": "2.0", "objects": [older | times]}
    assert not check({"b.json": json.dumps(whole).encode()})[0].valid


@given(st.lists(st.sampled_from(["labels", "name", "[0]", "[1]", "[9]", "x"]), max_size=4))
def test_a_place_is_asked_of_a_list_alone(steps: list[str]) -> None:
    one = {"id": "a", "name": "text", "labels": ["a", "b"], "x": {"name": {"labels": [["c"]]}}}
    selector = ".".join(steps)
    whole = {**one, "granular_markings": [{"selectors": [selector]}]}
    found = list(check_selectors([whole], Lines(b"{}")))
    value: Any = whole
    for step in steps:
        if step.startswith("[") and not isinstance(value, list):
            assert [row.rule for row in found] == ["selector"]
            return
        try:
            value = value[int(step[1])] if step.startswith("[") else value[step]
        except (IndexError, KeyError, TypeError):
            break
    assert not found


def test_what_the_validator_shows_whole_is_told_in_a_sentence() -> None:
    told = check({"b.json": json.dumps(BUNDLES["a place that is nowhere"][2]).encode()})[0]
    assert [one.what for one in told.findings] == [
        "it fits none of the forms of its type, which ask for: "
        "'country' | 'latitude', 'longitude' | 'region'"
    ]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "created", "x_refs", "name"]), inner)
    ),
    max_leaves=8,
)


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from([*IDENTITY, "object_marking_refs", "extensions"]), VALUES))
def test_any_object_gets_an_answer(change: dict[str, Any]) -> None:
    told = check({"x.json": json.dumps(IDENTITY | change).encode()})
    assert len(told) == 1


def test_what_stix_2_0_names_by_numbers_is_no_reference_of_another_type() -> None:
    observed = {
        "type": "observed-data", "id": "observed-data--00000000-0000-4000-8000-000000000030",
        "created": TIME, "modified": TIME, "first_observed": TIME, "last_observed": TIME,
        "number_observed": 1, "objects": {
            "0": {"type": "domain-name", "value": "a.example", "resolves_to_refs": ["1"]},
            "1": {"type": "ipv4-addr", "value": "198.51.100.3"},
        },
    }  # fmt: skip
    bundle = {"type": "bundle", "id": "bundle--5330e3e3-8f58-4d21-9f4b-793a054c0d33",
              "spec_version": "2.0", "objects": [observed]}  # fmt: skip
    told = check({"b.json": json.dumps(bundle).encode()})[0]
    assert told.valid
    assert "reference-kind" not in {one.rule for one in told.findings}


def test_objects_in_something_else_than_a_bundle_are_told_of() -> None:
    """A misspelt type made a bundle an object of its producer's own, and the file valid."""
    whole = {"id": "bundle--8a1b2c3d-4e5f-4a6b-8c9d-000000000001", "objects": [IDENTITY]}
    for type in ({"type": "bundel"}, {"type": 3}, {}):
        (found,) = check({"a.json": json.dumps(whole | type).encode()})
        assert not found.valid
        assert "bundle-type" in {one.rule for one in found.findings}
    envelope = {"more": False, "objects": [IDENTITY]}
    for right in (whole | {"type": "bundle"}, envelope):
        assert check({"a.json": json.dumps(right).encode()})[0].valid
