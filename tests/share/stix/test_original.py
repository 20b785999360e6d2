"""Objects are cut out of their file byte for byte, and what is no JSON is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import UsageError
from tocsin.share.stix.original import fault_of, split_objects, version_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
ID = "indicator--8c6af861-7b20-41ef-9b59-6344fd872a8f"


@given(st.lists(st.dictionaries(st.text(), JSON, max_size=3), max_size=4),
       st.dictionaries(st.text().filter(lambda name: name != "objects"), JSON, max_size=3),
       st.sampled_from([None, 1]), st.booleans())  # fmt: skip
def test_every_object_is_cut_out_as_it_stands(
    objects: list[dict[str, Any]], others: dict[str, Any], indent: int | None, escaped: bool
) -> None:
    whole = {**others, "objects": objects, "z" + "".join(others): 1}
    text = json.dumps(whole, indent=indent, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        with pytest.raises(UsageError):
            split_objects(text)
        return
    members, found = split_objects(text)
    assert members == {name: value for name, value in whole.items() if name != "objects"}
    assert [told for told, _ in found] == objects
    assert all(json.loads(content) == told for told, content in found)
    assert all(content in text for _, content in found)


def test_numbers_and_times_keep_their_digits() -> None:
    one = b'{ "id":"a", "modified" : "2026-01-01T00:00:00.100000Z","x":1.0000e2 }'
    _, ((_, content),) = split_objects(b'{"objects": [\n ' + one + b' ] , "more":false}')
    assert content == one


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b'{"a"', b'{"a":1,}', b'{"a":1}x', b'{"objects":{}}', b'{"objects":[1,]}',
     b'{"objects":[1 2]}', b'{"a":NaN}', b'{"a":1,"a":2}', b'{"objects":[1],"objects":[]}',
     b"\xff", b'{"a":1 "b":2}', b'{"a":' + b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_envelope(content: bytes) -> None:
    with pytest.raises(UsageError, match="no envelope"):
        split_objects(content)


def test_what_can_be_kept() -> None:
    right = {"type": "indicator", "id": ID, "spec_version": "2.1", "modified": "2026-01-01"}
    assert fault_of(right) == ""
    assert version_of(right) == "2026-01-01"
    assert version_of({"created": "2025"}) == "2025"
    assert version_of({}).startswith("1970")
    for wrong in ([], {}, right | {"type": "malware"}, right | {"id": "x"},
                  right | {"spec_version": "2.0"}):  # fmt: skip
        assert fault_of(wrong)
