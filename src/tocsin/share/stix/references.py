"""Do the references of objects of STIX lead where the standard says?

OASIS's validator holds an identifier to its form, and not to what it is an identifier of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tocsin.schema.vocabulary.marking import TLP_1, TLP_2
from tocsin.share.finding import Finding
from tocsin.share.stix.lines import Lines

KINDS = {
    "created_by_ref": ("identity",),
    "object_marking_refs": ("marking-definition",),
    "marking_ref": ("marking-definition",),
    "where_sighted_refs": ("identity", "location"),
    "observed_data_refs": ("observed-data",),
}
"""Of which types what a property names has to be (STIX 2.1, 3.2, 5.2 and 7.2.3)."""
_ADDRESSES = ("ipv4-addr", "ipv6-addr", "mac-addr", "domain-name")
_HOST: dict[str, tuple[str, ...]] = {
    "resolves_to_refs": ("mac-addr",),
    "belongs_to_refs": ("autonomous-system",),
}
KINDS_OF: dict[str, dict[str, tuple[str, ...]]] = {
    "directory": {"contains_refs": ("file", "directory")},
    "domain-name": {"resolves_to_refs": ("ipv4-addr", "ipv6-addr", "domain-name")},
    "email-addr": {"belongs_to_ref": ("user-account",)},
    "email-message": {
        **dict.fromkeys(("from_ref", "sender_ref", "to_refs", "cc_refs", "bcc_refs"),
                        ("email-addr",)),
        "raw_email_ref": ("artifact",), "body_raw_ref": ("artifact", "file"),
    },
    "file": {"parent_directory_ref": ("directory",), "content_ref": ("artifact",)},
    "ipv4-addr": _HOST, "ipv6-addr": _HOST,
    "malware": {"operating_system_refs": ("software",), "sample_refs": ("artifact", "file")},
    "malware-analysis": {
        **dict.fromkeys(("host_vm_ref", "operating_system_ref", "installed_software_refs"),
                        ("software",)),
        "sample_ref": ("file", "artifact", "network-traffic"),
    },
    "network-traffic": {
        **dict.fromkeys(("src_ref", "dst_ref"), _ADDRESSES),
        **dict.fromkeys(("src_payload_ref", "dst_payload_ref", "message_body_data_ref"),
                        ("artifact",)),
        **dict.fromkeys(("encapsulates_refs", "encapsulated_by_ref"), ("network-traffic",)),
    },
    "process": {
        "opened_connection_refs": ("network-traffic",), "creator_user_ref": ("user-account",),
        "image_ref": ("file",), "parent_ref": ("process",), "child_refs": ("process",),
        "service_dll_refs": ("file",),
    },
    "windows-registry-key": {"creator_user_ref": ("user-account",)},
}  # fmt: skip
"""The same for properties of one type (STIX 2.1, 4.11, 4.12 and 6)."""


def check_references(objects: list[dict[str, Any]], lines: Lines) -> Iterator[Finding]:
    """Find references to objects that are not here, and to objects of another type.

    Args:
        objects: the objects of a file.
        lines: where each of them stands.

    Yields:
        What is found, an object after the other.
    """
    known = {_id(one) for one in objects}
    standard = {f"marking-definition--{uuid}" for uuid in (*TLP_1, *TLP_2)}
    for one in objects:
        at = lines.of(_id(one))
        kinds = KINDS | KINDS_OF.get(str(one.get("type")), {})
        for key, reference in _refs(one):
            kind, sign, _ = reference.partition("--")
            # Within what was observed, STIX 2.0 names its parts by numbers.
            if key in kinds and kind not in kinds[key] and (sign or key in KINDS):
                what = f"'{key}' names {reference[:80]}, which is no {' or '.join(kinds[key])}"
                yield Finding(at, "reference-kind", "error", _id(one), what)
            elif reference in known or reference in standard:
                continue
            elif "marking" in key:
                what = f"'{key}' names {reference}, which is not in this file"
                remedy = "Send the marking's definition along: who cannot read it must hide all."
                yield Finding(at, "marking-unknown", "warning", _id(one), what, remedy)
            else:
                what = f"'{key}' names {reference}, which is not in this file"
                yield Finding(at, "reference-elsewhere", "note", _id(one), what)


def _id(one: Mapping[str, Any]) -> str:
    return str(one.get("id", ""))


def _refs(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every reference anywhere in an object, with the key that holds it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str) and name.endswith("_ref"):
                yield name, inner
            elif isinstance(inner, list) and name.endswith("_refs"):
                yield from ((name, one) for one in inner if isinstance(one, str))
            else:
                yield from _refs(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _refs(inner, key)
