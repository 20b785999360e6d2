"""Documents: what is read back is what was written, and bombs are refused at once."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.errors import SourceRefused
from tocsin.observe.formats.documents import listed_records, read_json, read_xml, records

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=20,
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(values)
def test_json_is_read_back(value: object) -> None:
    assert read_json(json.dumps(value).encode(), "x.json") == value


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_are_read_or_refused(content: bytes) -> None:
    for read in (read_json, read_xml):
        with suppress(SourceRefused):
            read(content, "x")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"[" * 33 + b"]" * 33, "nested"),
        (b"[" * 200_000, "nested"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b"[Infinity]", "no number"),
        (b"\xff\xfe[", "not JSON"),
        (b"[" + b"9" * 5_000 + b"]", "not JSON"),
        (b"[" + b"{}," * 4_000_001 + b"1]", "parts"),
    ],
    ids=["deep", "bottomless", "twice", "infinity", "bytes", "digits", "many"],
)
def test_json_bombs(content: bytes, why: str) -> None:
    with pytest.raises(SourceRefused, match=why):
        read_json(content, "x.json")


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]>',
        '<!DOCTYPE a SYSTEM "http://example.org/a.dtd">',
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    ],
)
def test_xml_with_a_document_type_is_refused(declared: str) -> None:
    with pytest.raises(SourceRefused, match="document type"):
        read_xml(f'<?xml version="1.0"?>{declared}<a/>'.encode(), "x.xml")


def test_records_that_are_none_and_hostile_ones_carry_a_fault() -> None:
    found = list(records([{"a": "b"}, 5, {"a": ["\u202e"]}, {"\ud800": 1}], where="x"))
    assert [record.fault and record.fault[0] for record in found] == [
        None, "shape", "characters", "characters",
    ]  # fmt: skip
    assert [record.number for record in found] == [1, 2, 3, 4]
    assert found[2].fields == {}
    with pytest.raises(SourceRefused, match="no list"):
        list(records({"a": 1}, where="x"))


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(values | st.fixed_dictionaries({"type": st.just("FeatureCollection"), "features": values}))
def test_any_json_is_a_list_of_records_or_refused(value: object) -> None:
    content = json.dumps(value).encode()
    with suppress(SourceRefused):
        found = listed_records(content, "x.json")
        assert [one.number for one in found] == list(range(1, len(found) + 1))
        assert all(isinstance(text, str) for one in found for text in one.fields.values())


def test_records_of_a_list_of_lines_of_an_answer_and_of_features_are_the_same() -> None:
    rows = [{"id": 1, "at": {"place": "Gao"}, "by": ["x", "y"]}, {"id": 2, "n": None}]
    texts = [
        {"id": "1", "at/place": "Gao", "by": "x; y", "n": ""},
        {"id": "2", "at/place": "", "by": "", "n": ""},
    ]
    listed = json.dumps(rows).encode()
    lines = "\n".join(map(json.dumps, rows)).encode()
    answer = json.dumps({"total": 2, "Result": rows, "next": None}).encode()
    for content in (listed, lines, answer):
        assert [one.fields for one in listed_records(content, "x")] == texts
    points = [{"type": "Point", "coordinates": [-0.05, 16.27, 231.0]}, None]
    features = [
        {"type": "Feature", "properties": row, "geometry": shape}
        for row, shape in zip(rows, points, strict=True)
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    first, second = (one.fields for one in listed_records(content, "x"))
    assert (first["latitude"], first["longitude"], first["at/place"]) == ("16.27", "-0.05", "Gao")
    assert (second["latitude"], second["id"]) == ("", "2")
    with pytest.raises(SourceRefused, match="or several"):
        listed_records(json.dumps({"a": rows, "b": rows}).encode(), "x")
