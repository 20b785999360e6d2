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
BROKEN = {
    "InvalidDigest": "the message is not the one that was signed: its digest is another",
    "InvalidSignature": "the key of the certificate did not make it",
    "DocumentInvalid": "its parts do not have the form that XML Signature asks for",
}
"""What the library's kinds of error mean, in words."""
MOST = 8
"""So many signatures of a message, and parts that one signs, are looked at; two are usual where a
network signs, and three parts in XAdES."""
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


def check_signatures(
    content: bytes, alert: Element, now: datetime, trust: Sequence[bytes] = ()
) -> list[Signature]:
    """Check the signatures of a message.

    A network that passes warnings on may sign what its members signed. So each signature is held
    to the message without the others, which is how Canada's network signs, and to the message
    with them.

    Args:
        content: the bytes of the message, which has no document type.
        alert: the same message as it was read.
        now: the time of the check.
        trust: certificates that the reader trusts, as PEM.

    Returns:
        The answers for each signature, in their order, each with its reason.

    Raises:
        UsageError: what is trusted is no certificate in PEM.
        MissingExtra: signxml is not installed.
    """
    etree: Any = require("lxml.etree", extra="signatures")
    anchors = [one for pem in trust for one in _certificates(pem)]
    signed = [one for one in alert.children if one.space == SIGNATURE]
    times = (parse_time(alert.value("sent")), now)
    if len(signed) > MOST:
        why = f"there are {len(signed):,} signatures; at most {MOST} are looked at"
        return [Signature(None, False, why, "", "", None, None, "")] * len(signed)
    try:
        versions = [_versions(etree, content, nth) for nth in range(len(signed))]
    except etree.LxmlError as error:
        why = f"the library that checks signatures cannot read the message ({error})"
        return [Signature(None, False, why, "", "", None, None, "")] * len(signed)
    return [_answer(*each, anchors, times) for each in zip(versions, signed, strict=True)]


def sign(message: bytes, key: bytes, certificates: bytes) -> bytes:
    """Sign a message as a whole (CAP 1.2, 3.3.4), with the certificate of the key beside it.

    Args:
        message: a message that is not signed.
        key: the private key (PEM without a password), RSA or on an elliptic curve.
        certificates: its certificate, and those between it and what receivers trust (PEM).

    Returns:
        The message with its signature.

    Raises:
        UsageError: the key cannot be read, is of another kind, or is not that of the first
            certificate.
        MissingExtra: signxml is not installed.
    """
    signxml: Any = require("signxml", extra="signatures")
    etree: Any = require("lxml.etree", extra="signatures")
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    chain = _certificates(certificates)
    try:
        private = load_pem_private_key(key, None)
    except (ValueError, TypeError) as error:
        remedy = "Give a private key as PEM, without a password, that only its owner reads."
        raise UsageError("The key cannot be read.", remedy=remedy) from error
    methods = signxml.SignatureMethod
    if isinstance(private, rsa.RSAPrivateKey):
        method = methods.RSA_SHA256
    elif isinstance(private, ec.EllipticCurvePrivateKey):
        method = methods.ECDSA_SHA256
    else:
        raise UsageError("The key is neither RSA nor on an elliptic curve of NIST's.")
    if not chain or chain[0].public_key() != private.public_key():
        remedy = "Let the file begin with the certificate of this very key."
        raise UsageError("The first certificate is not that of the key.", remedy=remedy)
    whole = etree.fromstring(message, _parser(etree))
    made = signxml.XMLSigner(signature_algorithm=method).sign(whole, key=private, cert=chain)
    return bytes(etree.tostring(made, xml_declaration=True, encoding="UTF-8"))


def _answer(
    versions: list[bytes],
    signature: Element,
    anchors: list[Certificate],
    times: tuple[datetime | None, datetime],
) -> Signature:
    """What one signature is worth; the versions are the message as its signer may have seen it."""
    parts = [one for one in signature.walk() if (one.space, one.name) == (SIGNATURE, "Reference")]
    if len(parts) > MOST:
        why = f"it signs {len(parts):,} parts; at most {MOST} are looked at"
        return Signature(None, False, why, "", "", None, None, "")
    given = _read_certificates(signature)
    if given is None:
        return Signature(False, False, "its certificate is damaged", "", "", None, None, "")
    if not given:
        return Signature(None, False, "it carries no certificate", "", "", None, None, "")
    leaf, intact, reason = _leaf(versions, given)
    indented = weak = False
    if not intact:
        # Many programs indent a message after they signed it. White space between elements says
        # nothing, so a signature that holds without it still proves every word.
        unspaced = [_drop_space(one) for one in versions]
        indented, _ = _intact(unspaced, leaf)
        if not indented:
            weak, _ = _intact([*versions, *unspaced], leaf, weak=True)
    others = [one for one in given if one != leaf]
    then, why_then = _find_trust(leaf, others, anchors, times[0])
    today, why_today = _find_trust(leaf, others, anchors, times[1])
    why = why_today
    if why_then != why_today:
        why = f"when sent: {why_then or 'trusted'}; now: {why_today or 'trusted'}"
    return Signature(
        None if weak else intact or indented,
        indented,
        WEAK if weak else "" if indented else reason,
        _name_text(leaf.subject),
        _name_text(leaf.issuer),
        then,
        today,
        why,
    )


def _leaf(versions: list[bytes], given: list[Certificate]) -> tuple[Certificate, bool, str]:
    """The certificate whose key signed: the first that holds, or the first there is."""
    tried = [(one, *_intact(versions, one)) for one in given[:MAX_STEPS]]
    return next((one for one in tried if one[1]), tried[0])


def _versions(etree: Any, content: bytes, nth: int) -> list[bytes]:
    """The message with one of its signatures alone, and with the others after it."""
    made = []
    for alone in (True, False):
        root = etree.fromstring(content, _parser(etree))
        every = root.findall(f"{{{SIGNATURE}}}Signature")
        for one in every:
            # What is of no kind of XML Signature stands in no digest, and one network adds it.
            for child in [c for c in one if not str(c.tag).startswith(f"{{{SIGNATURE}}}")]:
                one.remove(child)
        for one in every[:nth] + every[nth + 1 :] if alone else every[:nth]:
            _take_out(one)
            if not alone:
                root.append(one)
        made.append(bytes(etree.tostring(root)))
        if len(every) == 1:
            break
    return made


def _take_out(element: Any) -> None:
    """Remove an element and leave the text behind it where it is."""
    before, parent = element.getprevious(), element.getparent()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    element.tail = None
    parent.remove(element)


def _parser(etree: Any, **more: bool) -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, **more)


def _certificates(pem: bytes) -> list[Certificate]:
    x509: Any = require("cryptography.x509", extra="signatures")
    try:
        return list(x509.load_pem_x509_certificates(pem))
    except ValueError as error:
        raise UsageError(
            "This is no certificate.",
            remedy="Give a file with certificates in PEM (-----BEGIN CERTIFICATE-----).",
        ) from error


def _read_certificates(signature: Element) -> list[Certificate] | None:
    """The certificates in a signature, in their order; None: one of them cannot be read."""
    x509: Any = require("cryptography.x509", extra="signatures")
    found = []
    for element in signature.walk():
        if element.space == SIGNATURE and element.name == "X509Certificate":
            try:
                raw = base64.b64decode("".join(element.text.split()), validate=True)
                found.append(x509.load_der_x509_certificate(raw))
            except (binascii.Error, ValueError):
                return None
    return found


def _intact(
    versions: Sequence[bytes], leaf: Certificate, *, weak: bool = False
) -> tuple[bool, str]:
    """Does the signature hold for one of the versions? If not, why not for the first?"""
    signxml: Any = require("signxml", extra="signatures")
    more: dict[str, Any] = {}
    if weak:
        more = {
            "signature_methods": frozenset(signxml.SignatureMethod),
            "digest_algorithms": frozenset(signxml.DigestAlgorithm),
        }
    # The time is that of the certificate: whether it was in force is the other question. XAdES
    # signs what it says of the signing beside the message; each reference has to hold.
    config = signxml.SignatureConfiguration(
        location="./", verification_time=leaf.not_valid_before_utc, expect_references=True, **more
    )
    reasons = []
    for content in versions:
        try:
            found = signxml.XMLVerifier().verify(content, x509_cert=leaf, expect_config=config)
        # The library and the one below it raise many kinds of error for a broken signature.
        except Exception as error:
            said = f"{type(error).__name__}: {next(iter(str(error).splitlines()), '')}"
            reasons.append(BROKEN.get(type(error).__name__, said))
            continue
        parts = [one.signed_xml for one in found if one.signed_xml is not None]
        if any(str(part.tag).endswith("}alert") for part in parts):
            return True, ""
        reasons.append("it covers a part of the message only")
    return False, reasons[0]


def _drop_space(content: bytes) -> bytes:
    """The message without white space between its elements."""
    etree: Any = require("lxml.etree", extra="signatures")
    return bytes(etree.tostring(etree.fromstring(content, _parser(etree, remove_blank_text=True))))


def _find_trust(
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
            return False, f"the certificate of {_name_text(here.subject)} {word} ({day})"
        if here in anchors:
            return True, ""
        above = [one for one in [*anchors, *between] if one != here and _is_issuer(here, one)]
        if not above:
            return False, f"the certificate of its issuer, {_name_text(here.issuer)}, is not there"
        here = above[0]
    return False, "the chain of certificates is too long"


def _is_issuer(lower: Certificate, upper: Certificate) -> bool:
    try:
        lower.verify_directly_issued_by(upper)
    # Another name, another kind of key, or a signature that does not hold: it is not the issuer.
    except Exception:
        return False
    return True


def _name_text(name: Any) -> str:
    return str(name.rfc4514_string())
