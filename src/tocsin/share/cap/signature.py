"""A signature's three answers: is the message valid, is it intact, and whose key is it?

Whether a message is valid is for the rules to say. Here stand the other two. *Intact*: the
signature holds for the whole message as it is (XML Signature Syntax and Processing, W3C, 2008;
CAP 1.2, 3.3.4). *Trusted*: the certificate of the key leads to one that the reader trusts, and
every certificate on the way was in force, at the time of sending and now. Nothing is fetched: a
missing certificate between is said to be missing.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tocsin.errors import UsageError, require
from tocsin.share.cap.document import Element
from tocsin.share.cap.layout import SIGNATURE
from tocsin.share.cap.structure import parse_time

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

WEAK = "it holds by an algorithm that can be forged today (SHA-1 or older), so it proves nothing"
MAX_STEPS = 6
"""A chain of certificates has at most so many steps; usual ones have two or three."""


@dataclass(frozen=True)
class Signature:
    """This is what a signature on a message is worth."""

    intact: bool | None
    """Does it hold for the whole message? None: it could not be read."""
    indented: bool
    """Does it hold only without the white space between elements?"""
    reason: str
    """Why it does not hold, or could not be read; empty where it holds."""
    subject: str
    """Whom the certificate names; empty: there is none."""
    issuer: str
    """Who issued it; empty: there is none."""
    trusted_when_sent: bool | None
    """Did it lead to a trusted certificate when the message was sent? None: cannot be told."""
    trusted_now: bool | None
    """And now? None: cannot be told."""
    trust_reason: str
    """Why not, or why it cannot be told."""


def check_signature(
    content: bytes, alert: Element, now: datetime, trust: Sequence[bytes] = ()
) -> Signature:
    """Check the signature of a message.

    Args:
        content: the bytes of the message, which has one signature and no document type.
        alert: the same message as it was read.
        now: the time of the check.
        trust: certificates that the reader trusts, as PEM; several may stand in one.

    Returns:
        The two answers, each with its reason.

    Raises:
        UsageError: what is trusted is no certificate in PEM.
        MissingExtra: signxml is not installed.
    """
    signxml: Any = require("signxml", extra="signatures")
    x509: Any = require("cryptography.x509", extra="signatures")
    anchors = [one for pem in trust for one in _certificates(x509, pem)]
    given = _embedded(x509, alert)
    if not given:
        return Signature(None, False, "it carries no certificate", "", "", None, None, "")
    leaf = given[0]
    intact, reason = _intact(signxml, content, leaf)
    indented = weak = False
    if not intact:
        # Many programs indent a message after they signed it. White space between elements says
        # nothing, so a signature that holds without it still proves every word.
        unspaced = _unspaced(content)
        indented, _ = _intact(signxml, unspaced, leaf)
        if not indented:
            versions = (content, unspaced)
            weak = any(_intact(signxml, one, leaf, weak=True)[0] for one in versions)
    then, why_then = _trusted(leaf, given[1:], anchors, parse_time(alert.value("sent")))
    today, why_today = _trusted(leaf, given[1:], anchors, now)
    why = why_today
    if why_then != why_today:
        why = f"when sent: {why_then or 'trusted'}; now: {why_today or 'trusted'}"
    return Signature(
        None if weak else intact or indented,
        indented,
        WEAK if weak else "" if indented else reason,
        _named(leaf.subject),
        _named(leaf.issuer),
        then,
        today,
        why,
    )


def _certificates(x509: Any, pem: bytes) -> list[Certificate]:
    try:
        return list(x509.load_pem_x509_certificates(pem))
    except ValueError as error:
        raise UsageError(
            "What is to be trusted is no certificate.",
            remedy="Give a file with certificates in PEM (-----BEGIN CERTIFICATE-----).",
        ) from error


def _embedded(x509: Any, alert: Element) -> list[Certificate]:
    """The certificates in the message, the key's own first."""
    found = []
    for element in alert.walk():
        if element.space == SIGNATURE and element.name == "X509Certificate":
            try:
                raw = base64.b64decode("".join(element.text.split()), validate=True)
                found.append(x509.load_der_x509_certificate(raw))
            except (binascii.Error, ValueError):
                return []
    return found


def _intact(
    signxml: Any, content: bytes, leaf: Certificate, *, weak: bool = False
) -> tuple[bool, str]:
    more: dict[str, Any] = {}
    if weak:
        more = {
            "signature_methods": frozenset(signxml.SignatureMethod),
            "digest_algorithms": frozenset(signxml.DigestAlgorithm),
        }
    # The time is that of the certificate: whether it was in force is the other question.
    config = signxml.SignatureConfiguration(
        location="./", verification_time=leaf.not_valid_before_utc, **more
    )
    try:
        found = signxml.XMLVerifier().verify(content, x509_cert=leaf, expect_config=config)
    # The library and the one below it raise many kinds of error for a broken signature.
    except Exception as error:
        return False, f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    signed = found.signed_xml
    if signed is None or not str(signed.tag).endswith("}alert"):
        return False, "it covers a part of the message only"
    return True, ""


def _unspaced(content: bytes) -> bytes:
    """The message without white space between its elements."""
    etree: Any = require("lxml.etree", extra="signatures")
    parser = etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True)
    return bytes(etree.tostring(etree.fromstring(content, parser)))


def _trusted(
    leaf: Certificate, between: list[Certificate], anchors: list[Certificate], at: datetime | None
) -> tuple[bool | None, str]:
    """Follow the issuers of a certificate up to a trusted one."""
    if at is None:
        return None, "the time is not known"
    if not anchors:
        return None, "no certificate was given to trust"
    here = leaf
    for _ in range(MAX_STEPS):
        if not here.not_valid_before_utc <= at.astimezone(UTC) <= here.not_valid_after_utc:
            ended = here.not_valid_after_utc
            word = "had ended" if at > ended else "was not yet in force"
            day = f"{ended if at > ended else here.not_valid_before_utc:%Y-%m-%d}"
            return False, f"the certificate of {_named(here.subject)} {word} ({day})"
        if here in anchors:
            return True, ""
        above = [one for one in [*anchors, *between] if one != here and _issued(here, one)]
        if not above:
            return False, f"the certificate of its issuer, {_named(here.issuer)}, is not there"
        here = above[0]
    return False, "the chain of certificates is too long"


def _issued(lower: Certificate, upper: Certificate) -> bool:
    try:
        lower.verify_directly_issued_by(upper)
    # Another name, another kind of key, or a signature that does not hold: it is not the issuer.
    except Exception:
        return False
    return True


def _named(name: Any) -> str:
    return str(name.rfc4514_string())
