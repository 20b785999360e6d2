"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and codes for a lost phone.

The app's secret is sealed in the database. A code counts once: the step of time for which it was
made is kept, and none of that step or before counts again (RFC 6238, 5.2). Recovery codes are
random, so that a digest of each is enough; each works once.
"""

from __future__ import annotations

import hmac
import secrets as random
from collections.abc import Iterable

import pyotp
import segno
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from tocsin.errors import UsageError
from tocsin.share.server.accounts import secrets
from tocsin.share.server.accounts.sealing import Seal
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.tables import accounts, recovery_codes

STEP = 30
"""Seconds for which an app shows a code."""
AROUND = (-1, 0, 1)
"""Steps whose codes count: phones' clocks differ, and people type slowly."""
CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Signs of recovery codes; none looks like another."""


def is_needed(row: Row[object], roles: Iterable[str]) -> bool:
    """Tell whether an account needs a second factor: it has one, or its role must have one.

    Args:
        row: a row of the table `accounts`.
        roles: roles that must.
    """
    return bool(row.factor) or row.role in set(roles)


def propose(connection: Connection, seal: Seal, account: str, *, again: bool = False) -> str:
    """Propose a secret to an account; it counts once a code of it was shown.

    Args:
        connection: a connection that writes.
        seal: seals it.
        account: the account's id.
        again: True draws another where one was proposed before.

    Returns:
        The secret, in Base32.
    """
    this = accounts.c.id == account
    before = connection.execute(select(accounts.c.factor_new).where(this)).scalar()
    if before and not again:
        return seal.open(before)
    secret = pyotp.random_base32()
    connection.execute(update(accounts).where(this).values(factor_new=seal.close(secret)))
    return secret


def address_of(secret: str, name: str, organisation: str) -> str:
    """Write the address by which an app takes a secret over (`otpauth://`)."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=organisation)


def drawing_of(address: str) -> str:
    """Draw an address as a QR code (ISO/IEC 18004), as a `data:` address of an SVG picture."""
    return str(segno.make(address, error="m").svg_data_uri(scale=4, border=4))


def confirm(
    database: Database, connection: Connection, seal: Seal, account: str, code: str
) -> list[str]:
    """Take the proposed secret over, if a code of it is shown.

    Args:
        database: the database.
        connection: a connection that writes.
        seal: opens it.
        account: the account's id.
        code: the code that the app shows.

    Returns:
        Recovery codes, which are shown once; those from before end.

    Raises:
        UsageError: the code is wrong, or nothing was proposed.
    """
    this = accounts.c.id == account
    sealed = connection.execute(select(accounts.c.factor_new).where(this)).scalar()
    step = _step_of(database, seal.open(sealed), code) if sealed else None
    if step is None:
        raise _wrong()
    values = {"factor": sealed, "factor_new": "", "factor_step": step}
    connection.execute(update(accounts).where(this).values(**values))
    return _draw_codes(connection, account)


def check(
    database: Database, connection: Connection, seal: Seal, row: Row[object], code: str
) -> None:
    """Check a code of the app, or a recovery code; each counts once.

    Args:
        database: the database.
        connection: a connection that writes.
        seal: opens the secret.
        row: the account's row.
        code: what was typed.

    Raises:
        UsageError: it is wrong, or was used.
    """
    plain = "".join(code.split()).replace("-", "").lower()
    step = _step_of(database, seal.open(str(row.factor)), plain) if row.factor else None
    if step is not None:
        newer = (accounts.c.id == row.id) & (accounts.c.factor_step < step)
        if connection.execute(update(accounts).where(newer).values(factor_step=step)).rowcount:
            return
        raise _wrong()
    mine = (recovery_codes.c.digest == secrets.digest(plain)) & ~recovery_codes.c.used
    mine &= recovery_codes.c.account == row.id
    if not connection.execute(update(recovery_codes).where(mine).values(used=True)).rowcount:
        raise _wrong()


def remove(connection: Connection, account: str) -> None:
    """Take the second factor away, with its recovery codes.

    Args:
        connection: a connection that writes.
        account: the account's id.
    """
    values = {"factor": "", "factor_new": ""}
    connection.execute(update(accounts).where(accounts.c.id == account).values(**values))
    connection.execute(delete(recovery_codes).where(recovery_codes.c.account == account))


def codes_left(connection: Connection, account: str) -> int:
    """Count the recovery codes that an account has left."""
    mine = (recovery_codes.c.account == account) & ~recovery_codes.c.used
    counted = select(func.count()).select_from(recovery_codes).where(mine)
    return int(connection.execute(counted).scalar_one())


def _step_of(database: Database, secret: str, code: str) -> int | None:
    """The step for which a code was made; None where it was made for none that counts."""
    now = database.time() // 1_000_000 // STEP
    made = pyotp.TOTP(secret, interval=STEP)
    fits = [
        now + n
        for n in AROUND
        if hmac.compare_digest(made.generate_otp(now + n).encode(), code.encode())
    ]
    return max(fits, default=None)


def _draw_codes(connection: Connection, account: str) -> list[str]:
    connection.execute(delete(recovery_codes).where(recovery_codes.c.account == account))
    plain = ["".join(random.choice(ALPHABET) for _ in range(16)) for _ in range(CODES)]
    rows = [{"digest": secrets.digest(one), "account": account, "used": False} for one in plain]
    connection.execute(insert(recovery_codes), rows)
    return ["-".join(one[n : n + 4] for n in range(0, 16, 4)) for one in plain]


def _wrong() -> UsageError:
    return UsageError("The code is wrong or was used.", where="code", remedy="Wait for the next.")
