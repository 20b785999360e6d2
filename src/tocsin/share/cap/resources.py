"""Is a resource there, and is it what it says?"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from tocsin.share.cap.document import Element
from tocsin.share.cap.rules import Findings, quote
from tocsin.share.cap.structure import ADDRESS, WHOLE

SHA1 = re.compile(r"[0-9a-fA-F]{40}")


def check_resource(resource: Element, here: str, found: Findings) -> None:
    """Hold a resource to clause 3.2.3.

    Args:
        resource: the element.
        here: its place in the message.
        found: where findings are added.
    """
    uri, inside = resource.value("uri"), resource.value("derefUri")
    if not uri and not inside:
        found.add("resource-empty", resource, here, "it has neither an address nor content")
    if uri and not inside and not ADDRESS.fullmatch(uri):
        what = f"{quote(uri)} is no full address, and there is no content in the message"
        found.add("uri-relative", resource.first("uri") or resource, f"{here}/uri", what)
    content = _content(resource, here, found) if inside else None
    digest, at = resource.value("digest"), resource.first("digest") or resource
    if digest and not SHA1.fullmatch(digest):
        what = f"{quote(digest)} is no SHA-1 in hexadecimal digits"
        found.add("digest", at, f"{here}/digest", what)
    elif digest and content is not None and _sha1(content) != digest.lower():
        what = "it is not the digest of the content in the message"
        found.add("digest-differs", at, f"{here}/digest", what)
    size = resource.value("size")
    if content is not None and WHOLE.fullmatch(size) and int(size) != len(content):
        what = f"it says {size} bytes, and the content has {len(content):,}"
        found.add("size-differs", resource.first("size") or resource, f"{here}/size", what)


def _sha1(content: bytes) -> str:
    # The standard names SHA-1; it finds damage here and is no proof of origin.
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def _content(resource: Element, here: str, found: Findings) -> bytes | None:
    at = resource.first("derefUri") or resource
    found.add("deref-network", at, f"{here}/derefUri",
              "a forwarder to the web has to take it out and give an address")  # fmt: skip
    try:
        return base64.b64decode("".join(at.text.split()), validate=True)
    except (binascii.Error, ValueError):
        found.add("deref-base64", at, f"{here}/derefUri", "it is no Base64")
        return None
