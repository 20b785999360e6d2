"""TLS where nobody gave a certificate: one of the server's own, so that nothing goes in the clear.

Browsers warn of it until somebody trusts it, and phones keep the form for use offline only then;
its fingerprint is said at each start, to be compared. It is no certificate for the public.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CERTIFICATE_FILE, KEY_FILE = "tls.crt", "tls.key"
VALID = timedelta(days=398)
"""As long as browsers take a certificate at most."""
SOON = timedelta(days=30)
"""One that ends so soon is made anew at the start."""


@dataclass(frozen=True)
class Certificate:
    """This is a certificate of the server's own."""

    certificate: Path
    key: Path
    fingerprint: str
    """SHA-256 in pairs of hexadecimal digits, as browsers show it."""


def is_here(host: str) -> bool:
    """Tell whether an address can be reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def reachable_name(host: str) -> str:
    """Give a name for links to an address at which one listens: `0.0.0.0` is no such name."""
    try:
        is_any = ipaddress.ip_address(host).is_unspecified
    except ValueError:
        is_any = False
    name = socket.gethostname() if is_any else host
    return f"[{name}]" if ":" in name else name


def own_certificate(folder: Path, names: Collection[str], *, now: datetime) -> Certificate:
    """Give the server's own certificate for some names; it is made where it is missing.

    Args:
        folder: the data folder.
        names: names and addresses at which people reach the server.
        now: the time now, with its zone.

    Returns:
        The certificate, with its key in a file that its owner alone may read.
    """
    path, key_path = folder / CERTIFICATE_FILE, folder / KEY_FILE
    wanted = {one.strip("[]") for one in names} | {"localhost"}
    found = _read(path) if key_path.is_file() else None
    if found is None or found.not_valid_after_utc < now + SOON or not wanted <= _names(found):
        found = _make(path, key_path, wanted, now)
    digits = found.fingerprint(hashes.SHA256()).hex().upper()
    pairs = ":".join(digits[n : n + 2] for n in range(0, len(digits), 2))
    return Certificate(path, key_path, pairs)


def _read(path: Path) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        return None


def _names(found: x509.Certificate) -> set[str]:
    told = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(one.value) for one in told}


def _make(path: Path, key_path: Path, names: Collection[str], now: datetime) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tocsin exchange server")])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectAlternativeName(sorted(map(_name, names), key=repr)), False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .sign(key, hashes.SHA256())
    )
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key_path.unlink(missing_ok=True)
    # Made for its owner alone before anything is in it.
    with os.fdopen(os.open(key_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text)
    path.write_bytes(made.public_bytes(Encoding.PEM))
    return made


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)
