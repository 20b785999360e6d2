"""The second factor: codes of RFC 6238 count once, near their time, and recovery codes once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest

from share.server.conftest import Hands, Site
from tocsin.errors import TocsinError, UsageError
from tocsin.share.server.accounts import people, second_factor
from tocsin.share.server.accounts.sealing import draw_seal
from tocsin.share.server.database.tables import accounts, recovery_codes

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The key of RFC 6238, appendix B, in Base32."""


def taken(site: Site) -> tuple[str, str, list[str]]:
    """An account with a second factor: its id, the secret, its recovery codes."""
    id, seal = site.account("Ama").account, site.service.seal
    with site.database.writing() as connection:
        secret = second_factor.propose(connection, seal, id)
        assert second_factor.propose(connection, seal, id) == secret
        code = pyotp.TOTP(secret).at(site.database.clock())
        return id, secret, second_factor.confirm(site.database, connection, seal, id, code)


def check(site: Site, id: str, code: str) -> bool:
    try:
        with site.database.writing() as connection:
            row = people.account(connection, id)
            assert row is not None
            second_factor.check(site.database, connection, site.service.seal, row, code)
    except UsageError:
        return False
    return True


@pytest.mark.parametrize(
    ("second", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
     (2000000000, "279037"), (20000000000, "353130")],
)  # fmt: skip
def test_the_codes_of_the_standard(site: Site, hands: Hands, second: int, code: str) -> None:
    """RFC 6238, appendix B, the last six of eight digits."""
    hands.now = datetime.fromtimestamp(second, UTC)
    id = site.account("Ama").account
    values = {"factor": site.service.seal.close(RFC_SECRET)}
    with site.database.writing() as connection:
        connection.execute(accounts.update().values(**values))
    assert check(site, id, code)
    assert not check(site, id, code)


def test_a_code_counts_once_and_near_its_time(site: Site, hands: Hands) -> None:
    id, secret, _ = taken(site)
    totp = pyotp.TOTP(secret)
    # The code by which it was taken does not count again.
    assert not check(site, id, totp.at(hands.now))
    hands.move(seconds=30)
    code = totp.at(hands.now)
    hands.move(seconds=30)
    assert check(site, id, code[:3] + " " + code[3:])
    assert not check(site, id, code)
    hands.move(seconds=90)
    assert not check(site, id, totp.at(hands.now.timestamp() - 60))
    assert not check(site, id, "000000")
    assert check(site, id, totp.at(hands.now))
    # After a later code none before it counts.
    assert not check(site, id, totp.at(hands.now.timestamp() - 30))


def test_recovery_codes_work_once_and_new_ones_end_the_old(site: Site, hands: Hands) -> None:
    id, _, codes = taken(site)
    assert len(set(codes)) == 10
    assert check(site, id, codes[0].upper())
    assert not check(site, id, codes[0])
    with site.database.writing() as connection:
        assert second_factor.codes_left(connection, id) == 9
        kept = {row.digest for row in connection.execute(recovery_codes.select())}
        assert not kept & set(codes)
        secret = second_factor.propose(connection, site.service.seal, id, again=True)
    hands.move(seconds=60)
    with site.database.writing() as connection:
        code = pyotp.TOTP(secret).at(hands.now)
        second_factor.confirm(site.database, connection, site.service.seal, id, code)
    assert not check(site, id, codes[1])
    with site.database.writing() as connection:
        second_factor.remove(connection, id)
        assert second_factor.codes_left(connection, id) == 0


def test_a_wrong_code_takes_nothing_over(site: Site) -> None:
    id, seal = site.account("Ama").account, site.service.seal
    with site.database.writing() as connection:
        with pytest.raises(UsageError):
            second_factor.confirm(site.database, connection, seal, id, "123456")
        second_factor.propose(connection, seal, id)
        with pytest.raises(UsageError):
            second_factor.confirm(site.database, connection, seal, id, "12345x")
        row: Any = people.account(connection, id)
    assert not second_factor.is_needed(row, [])
    assert second_factor.is_needed(row, ["analyst"])


def test_what_is_sealed_opens_with_its_own_key_alone() -> None:
    one, other = draw_seal(), draw_seal()
    sealed = one.close("secret")
    assert "secret" not in sealed + repr(one)
    assert one.open(sealed) == "secret"
    with pytest.raises(TocsinError, match="cannot be opened"):
        other.open(sealed)


def test_an_address_and_its_drawing() -> None:
    address = second_factor.address_of(RFC_SECRET, "Ama & Co", "Health: office")
    assert address.startswith("otpauth://totp/")
    assert second_factor.drawing_of(address).startswith("data:image/svg+xml")
