"""Versions of an object in one file, and the names that one producer gives."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from share.stix.bundles import EARLIER, LATER, MALWARE, OFFICE, SIGN, TIME, made, named
from tocsin.share.stix.history import check_history
from tocsin.share.stix.lines import Lines

BY = {"created_by_ref": OFFICE["id"]}
NEXT = {"modified": LATER}


def rules(*objects: dict[str, Any]) -> list[str]:
    content = json.dumps(objects, indent=1).encode()
    return [one.rule for one in check_history(list(objects), Lines(content))]


def test_a_later_version_may_say_other_things() -> None:
    assert rules(OFFICE, OFFICE | NEXT | {"name": "Other"}) == []
    assert rules(SIGN, SIGN | BY | NEXT) == []


def test_every_version_has_the_time_of_the_first() -> None:
    assert rules(OFFICE, OFFICE | NEXT | {"created": EARLIER}) == ["created-changed"]
    longer = TIME.replace(".000Z", ".000000Z")
    assert rules(OFFICE, OFFICE | NEXT | {"created": longer}) == []


def test_every_version_is_its_creators() -> None:
    other = {"created_by_ref": named("identity", 2)}
    assert rules(SIGN | BY, SIGN | NEXT | other) == ["creator-changed"]


def test_nothing_follows_a_revocation() -> None:
    revoked = OFFICE | {"revoked": True}
    assert rules(revoked, OFFICE | NEXT) == ["revoked-before"]
    assert rules(OFFICE | NEXT, revoked) == ["revoked-before"]
    assert rules(OFFICE, revoked | NEXT) == []


def test_a_producer_gives_a_uuid_to_one_type() -> None:
    tool = made("tool", 5, name="t")
    assert rules(MALWARE | BY, tool | BY) == ["uuid-shared"]
    assert rules(MALWARE | BY, tool) == []
    assert rules(MALWARE | BY, tool | {"created_by_ref": named("identity", 2)}) == []


def test_the_line_is_that_of_the_version() -> None:
    objects = [OFFICE, OFFICE | NEXT | {"created": EARLIER}]
    content = json.dumps(objects, indent=1).encode()
    (one,) = check_history(objects, Lines(content))
    assert content.splitlines()[one.line - 1].strip().startswith(b'"id"')
    assert one.line > content.splitlines().index(b" },")


ANY = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3),
                st.lists(st.text(max_size=2), max_size=2))  # fmt: skip
KEYS = ("id", "created", "modified", "created_by_ref", "revoked", "type")


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), ANY), max_size=4))
def test_whatever_stands_there_is_looked_at(objects: list[dict[str, Any]]) -> None:
    assert all(one.rule for one in check_history(objects, Lines(b"[]")))
