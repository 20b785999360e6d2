"""Signed messages: whole, changed, indented, and by keys that lead nowhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tocsin.errors import UsageError
from tocsin.share.cap import Area, Info, Message, as_bytes, check, sign

SENT = datetime(2026, 11, 25, 10, tzinfo=UTC)
INFO = Info(
    "en", "Unrest", "Future", "Severe", "Likely", "Unrest", "", SENT + timedelta(days=9),
    (Area("North"),),
)  # fmt: skip
MESSAGE = as_bytes(Message("m-1", "a@example.org", SENT, "Test", "Alert", (INFO,)))


def certificate(name: str, key: Any, issuer: str, issuer_key: Any, *, first: datetime) -> Any:
    """A certificate that holds for a year."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    def named(text: str) -> Any:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    return (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(first)
        .not_valid_after(first + timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=name == issuer, path_length=None), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )


@pytest.fixture(scope="module")
def office() -> tuple[Any, Any, bytes]:
    """A key, its certificate, and that of its issuer as PEM."""
    from cryptography.hazmat.primitives.asymmetric import ec

    root, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    first = SENT - timedelta(days=30)
    above = certificate("Root", root, "Root", root, first=first)
    own = certificate("Office", key, "Root", root, first=first)
    return key, own, above.public_bytes(Encoding.PEM)


@pytest.fixture(scope="module")
def signed(office: tuple[Any, Any, bytes]) -> bytes:
    """The message with the office's signature."""
    from lxml import etree
    from signxml import SignatureMethod, XMLSigner

    key, own, _ = office
    signer = XMLSigner(signature_algorithm=SignatureMethod.ECDSA_SHA256)
    return bytes(etree.tostring(signer.sign(etree.fromstring(MESSAGE), key=key, cert=[own])))


def test_a_signature_has_three_answers(signed: bytes, office: tuple[Any, Any, bytes]) -> None:
    now = SENT + timedelta(hours=1)
    found = check({"m": signed}, now=now, trust=[office[2]])[0]
    assert found.valid
    assert found.signature is not None
    assert (found.signature.intact, found.signature.indented) == (True, False)
    assert found.signature.trusted_when_sent
    assert found.signature.trusted_now
    later = check({"m": signed}, now=SENT + timedelta(days=800), trust=[office[2]])[0]
    assert later.valid
    assert later.signature is not None
    assert (later.signature.trusted_when_sent, later.signature.trusted_now) == (True, False)
    assert "had ended" in later.signature.trust_reason


def test_what_we_sign_has_three_answers(office: tuple[Any, Any, bytes]) -> None:
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

    key, own, root = office
    sent = sign(MESSAGE, pem(key), own.public_bytes(Encoding.PEM))
    [found] = check({"m": sent}, now=SENT + timedelta(hours=1), trust=[root])
    assert found.valid, found.findings
    assert found.signature is not None
    answers = found.signature.intact, found.signature.trusted_when_sent, found.signature.subject
    assert answers == (True, True, "CN=Office")
    [changed] = check({"m": sent.replace(b"North", b"South")}, now=SENT, trust=[root])
    assert changed.signature is not None
    assert changed.signature.intact is False
    for other in (rsa.generate_private_key(65537, 2048), ed25519.Ed25519PrivateKey.generate()):
        with pytest.raises(UsageError):
            sign(MESSAGE, pem(other), own.public_bytes(Encoding.PEM))
    with pytest.raises(UsageError, match="cannot be read"):
        sign(MESSAGE, b"no key", own.public_bytes(Encoding.PEM))


def pem(key: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat

    return bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def test_each_of_two_signatures_is_held_to_the_message(
    signed: bytes, office: tuple[Any, Any, bytes]
) -> None:
    from lxml import etree

    alert = etree.fromstring(signed)
    first = alert[-1]
    second = etree.fromstring(etree.tostring(first))
    # Canada's network puts its own signature first, with a part that is of no namespace.
    etree.SubElement(second, "Object")
    alert.insert(len(alert) - 1, second)
    both = check({"m": etree.tostring(alert)}, now=SENT)[0]
    assert both.valid
    assert both.signature is not None
    assert both.signature.intact
    assert "several-signatures" in {one.rule for one in both.findings}
    first.find(".//{*}DigestValue").text = "AAAA" + first.findtext(".//{*}DigestValue")[4:]
    one_broken = check({"m": etree.tostring(alert)}, now=SENT)[0]
    assert not one_broken.valid
    assert one_broken.signature is not None
    assert one_broken.signature.intact is False


def test_a_changed_word_breaks_it(signed: bytes) -> None:
    found = check({"m": signed.replace(b"Unrest", b"Flood")}, now=SENT)[0]
    assert not found.valid
    assert "signature-broken" in {one.rule for one in found.findings}


def test_white_space_between_elements_does_not_but_is_told(signed: bytes) -> None:
    from lxml import etree

    parser = etree.XMLParser(remove_blank_text=True)
    key_free = etree.tostring(etree.fromstring(signed, parser), pretty_print=True)
    found = check({"m": key_free}, now=SENT)[0]
    # This message was signed with its white space, so without it the signature is lost.
    assert found.signature is not None
    assert found.signature.intact is False


def test_an_unknown_issuer_is_told_and_the_message_stays_valid(signed: bytes) -> None:
    found = check({"m": signed}, now=SENT)[0]
    assert found.valid
    assert found.signature is not None
    assert found.signature.trusted_now is None
    assert "no certificate was given" in found.signature.trust_reason


def test_an_algorithm_that_can_be_forged_proves_nothing(office: tuple[Any, Any, bytes]) -> None:
    from lxml import etree
    from signxml import DigestAlgorithm, SignatureMethod, XMLSigner

    class Old(XMLSigner):
        """Signs as was usual twenty years ago."""

        def check_deprecated_methods(self) -> None:
            """Nothing is refused."""

    key, own, _ = office
    signer = Old(
        signature_algorithm=SignatureMethod.ECDSA_SHA1, digest_algorithm=DigestAlgorithm.SHA1
    )
    old = bytes(etree.tostring(signer.sign(etree.fromstring(MESSAGE), key=key, cert=[own])))
    found = check({"m": old}, now=SENT)[0]
    assert found.valid
    assert found.signature is not None
    assert found.signature.intact is None
    assert "signature-weak" in {one.rule for one in found.findings}


def test_a_signature_of_several_parts_has_to_hold_for_each(office: tuple[Any, Any, bytes]) -> None:
    """XAdES, which European offices use, signs the message and what it says of the signing."""
    from lxml import etree
    from signxml import SignatureMethod, xades

    key, own, above = office
    signer = xades.XAdESSigner(signature_algorithm=SignatureMethod.ECDSA_SHA256)
    signed = signer.sign(etree.fromstring(MESSAGE), key=key, cert=[own])
    found = check({"m": etree.tostring(signed)}, now=SENT, trust=[above])[0]
    assert found.valid, found.findings
    assert found.signature is not None
    assert found.signature.intact, found.signature.reason
    parts = signed.findall(".//{*}Reference")
    assert len(parts) > 1
    for nth in range(len(parts)):
        changed = etree.fromstring(etree.tostring(signed))
        digest = changed.findall(".//{*}Reference/{*}DigestValue")[nth]
        digest.text = ("AAAA" if digest.text[:4] != "AAAA" else "BBBB") + digest.text[4:]
        broken = check({"m": etree.tostring(changed)}, now=SENT, trust=[above])[0]
        assert not broken.valid
    untold = etree.fromstring(etree.tostring(signed))
    untold.find(".//{*}headline").text = "Calm"
    assert not check({"m": etree.tostring(untold)}, now=SENT, trust=[above])[0].valid
    several = etree.fromstring(etree.tostring(signed))
    first = several.find(".//{*}Reference")
    for _ in range(9):
        first.addnext(etree.fromstring(etree.tostring(first)))
    found = check({"m": etree.tostring(several)}, now=SENT, trust=[above])[0]
    assert found.signature is not None
    assert found.signature.intact is None
