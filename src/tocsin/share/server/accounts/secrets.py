"""Secrets: passwords, and random texts of which only a digest is kept.

Passwords are stretched by Argon2id (RFC 9106). A link, a session or a token is 256 random bits, so
that its SHA-256 is enough: whoever reads the database cannot use what stands there.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tocsin.errors import UsageError

SHORTEST = 12
"""Characters of a password, at least (NIST SP 800-63B-4 asks for 15 where it stands alone, and
for 8 beside a second factor)."""
LONGEST = 200
"""Characters of a password, at most, so that nobody makes the server stretch a book."""

hasher = PasswordHasher()
"""Argon2id with the library's parameters, which are RFC 9106's second recommended option."""


def stretch(password: str) -> str:
    """Stretch a new password for keeping.

    Raises:
        UsageError: it is shorter than `SHORTEST` or longer than `LONGEST`.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(
            f"A password has {SHORTEST} to {LONGEST} characters.",
            remedy="Take four or five words that do not belong together.",
        )
    return hasher.hash(password)


def is_password(kept: str | None, password: str) -> bool:
    """Tell whether a password is the one that was kept.

    Args:
        kept: what `stretch` gave, or None where there is no such account; the answer then takes as
            long, so that it does not tell who has an account.
        password: what somebody typed.
    """
    try:
        return hasher.verify(kept or _nobodys(), password[:LONGEST]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return hasher.hash("the password of nobody")


def draw() -> str:
    """Draw a new secret of 256 random bits, as 43 characters that an address may hold."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Give the SHA-256 of a whole secret, in hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_same(kept: str, secret: str) -> bool:
    """Tell whether a secret has the digest that was kept, whole, in time that tells nothing."""
    return hmac.compare_digest(kept, digest(secret))
