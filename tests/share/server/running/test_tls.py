"""The server's own certificate: trusted by who knows it, made anew in time, its key for nobody."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tocsin.share.server.running.tls import (
    CERTIFICATE_FILE,
    KEY_FILE,
    is_here,
    own_certificate,
    reachable_name,
)

NOW = datetime.now(UTC)


def shake_hands(folder: Path, name: str) -> None:
    """A client that trusts the certificate speaks to a server that has it, in memory."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / CERTIFICATE_FILE, folder / KEY_FILE)
    client = ssl.create_default_context(cafile=str(folder / CERTIFICATE_FILE))
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(back, there, server_hostname=name)
    theirs = server.wrap_bio(there, back, server_side=True)
    for _ in range(4):
        for side in (ours, theirs):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert ours.version() == "TLSv1.3"


def test_who_trusts_it_is_answered_under_its_names_alone(tmp_path: Path) -> None:
    made = own_certificate(tmp_path, ["warnings.example", "192.0.2.1", "[::1]"], now=NOW)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o077 == 0
    assert len(made.fingerprint) == 95
    for name in ("warnings.example", "192.0.2.1", "localhost", "::1"):
        shake_hands(tmp_path, name)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(tmp_path, "other.example")


def test_it_stays_the_same_until_it_ends_soon_or_lacks_a_name(tmp_path: Path) -> None:
    first = own_certificate(tmp_path, ["a.example"], now=NOW).fingerprint
    assert own_certificate(tmp_path, ["a.example"], now=NOW).fingerprint == first
    later = NOW + timedelta(days=390)
    second = own_certificate(tmp_path, ["a.example"], now=later).fingerprint
    assert second != first
    third = own_certificate(tmp_path, ["b.example"], now=later).fingerprint
    assert third != second
    (tmp_path / CERTIFICATE_FILE).write_text("damaged")
    assert own_certificate(tmp_path, ["b.example"], now=later).fingerprint != third


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False),
     ("192.0.2.1", False), ("warnings.example", False)],
)  # fmt: skip
def test_which_addresses_others_can_reach(host: str, here: bool) -> None:
    assert is_here(host) is here
    assert reachable_name(host) not in ("0.0.0.0", "::")
