"""Sign-in by an organisation's own service: OpenID Connect 1.0, by codes with PKCE (RFC 7636).

The service says who somebody is, and never makes an account: an account is linked to a subject of
the service by its owner, who is signed in. State, nonce and the proof of the code are drawn for
each attempt, and count once, for some minutes, and only in the browser that began.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, delete, insert, select

from tocsin.errors import TocsinError, UsageError, require
from tocsin.share.server.access.refusals import NotAllowed
from tocsin.share.server.accounts import secrets
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.tables import oidc_attempts, oidc_subjects
from tocsin.share.server.settings import OidcSettings

VALID = 600 * 1_000_000
"""Microseconds for which an attempt counts."""
PATIENCE = 10.0
"""Seconds for which the service is waited for."""
SKEW = 60
"""Seconds by which its clock may differ."""
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""How an identity may be signed: by keys of which we know the public part alone."""
STRONG = {"mfa", "otp", "hwk", "swk", "pop"}
"""Words of RFC 8176 by which a service says that it asked for more than a password."""


@dataclass(frozen=True)
class Attempt:
    """This is an attempt to sign in that came back."""

    nonce: str
    verifier: str
    account: str
    """The account that is to be linked; empty: somebody signs in."""
    next: str


@dataclass(frozen=True)
class Identity:
    """This is who somebody is, as the service says."""

    subject: str
    """The issuer and its own name for them, which it gives to nobody else."""
    is_strong: bool
    """Did it say that it asked for a second factor?"""


class Provider:
    """This speaks to the service; what it publishes about itself is asked for once."""

    def __init__(self, settings: OidcSettings, address: str) -> None:
        self._settings = settings
        self._back = f"{address}/oidc/callback"
        self._told: Mapping[str, Any] | None = None
        self._keys: Any = None
        # To read all certificates of authorities takes longer than a question.
        self._trust = ssl.create_default_context()

    def ask(self) -> None:
        """Ask the service about itself, if that was not done yet: before a transaction begins.

        Raises:
            TocsinError: it does not answer as it should.
        """
        with self._client() as client:
            self._about(client)

    def begin(
        self, database: Database, connection: Connection, *, account: str = "", next: str = "/"
    ) -> tuple[str, str]:
        """Begin an attempt.

        Args:
            database: the database.
            connection: a connection that writes.
            account: the account that is to be linked; empty: somebody signs in.
            next: where to go on.

        Returns:
            The address to which the browser is sent, and the secret for its cookie.

        Raises:
            TocsinError: the service does not answer as it should.
        """
        state, nonce, verifier = secrets.draw(), secrets.draw(), secrets.draw()
        now = database.time()
        connection.execute(delete(oidc_attempts).where(oidc_attempts.c.expires < now))
        connection.execute(
            insert(oidc_attempts).values(
                digest=secrets.digest(state), nonce=nonce, verifier=verifier, account=account,
                next=next, expires=now + VALID,
            )
        )  # fmt: skip
        with self._client() as client:
            url, _ = client.create_authorization_url(
                self._about(client)["authorization_endpoint"], state=state, nonce=nonce,
                code_verifier=verifier,
            )  # fmt: skip
        return str(url), state

    def finish(self, attempt: Attempt, code: str, *, now: float) -> Identity:
        """Exchange the code for an identity, and check it.

        Args:
            attempt: the attempt that came back.
            code: the code that the service gave to the browser.
            now: the time now, seconds since 1970.

        Returns:
            Who it is.

        Raises:
            TocsinError: the service does not answer as it should.
            NotAllowed: what it says does not hold.
        """
        errors = require("joserfc.errors", extra="oidc")
        base = require("authlib.common.errors", extra="oidc")
        try:
            with self._client() as client:
                about = self._about(client)
                told = client.fetch_token(
                    about["token_endpoint"], code=code, code_verifier=attempt.verifier,
                )  # fmt: skip
                claims = self._claims(client, about, str(told["id_token"]), now)
        except (errors.JoseError, base.AuthlibBaseError, KeyError, ValueError) as error:
            raise _disbelief() from error
        except _faults_of_line() as error:
            raise _silent(error) from error
        if claims.get("nonce") != attempt.nonce or not claims.get("sub"):
            raise _disbelief()
        methods = claims.get("amr")
        is_strong = isinstance(methods, list) and bool(STRONG & {str(one) for one in methods})
        return Identity(f"{self._settings.issuer} {claims['sub']}"[:500], is_strong)

    def _client(self) -> Any:
        made = require("authlib.integrations.httpx_client", extra="oidc")
        return made.OAuth2Client(
            client_id=self._settings.client_id, client_secret=self._secret(),
            scope="openid", redirect_uri=self._back, code_challenge_method="S256",
            timeout=PATIENCE, follow_redirects=False, verify=self._trust,
        )  # fmt: skip

    def _secret(self) -> str:
        try:
            return Path(self._settings.client_secret_file).read_text("utf-8").strip()
        except OSError as error:
            raise TocsinError(
                "The file with the secret cannot be read.", where="oidc.client_secret_file"
            ) from error

    def _about(self, client: Any) -> Mapping[str, Any]:
        """What the service publishes about itself (OpenID Connect Discovery 1.0)."""
        if self._told is None:
            issuer = self._settings.issuer
            url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
            told = self._read(client, url)
            if told.get("issuer") != issuer:
                raise _disbelief()
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                check_protected(str(told.get(name, "")))
            self._told = told
        return self._told

    def _claims(
        self, client: Any, about: Mapping[str, Any], token: str, now: float
    ) -> dict[str, Any]:
        jwt = require("joserfc.jwt", extra="oidc")
        errors = require("joserfc.errors", extra="oidc")
        try:
            found = jwt.decode(token, self._public(client, about), algorithms=ALGORITHMS)
        except (errors.JoseError, ValueError):
            # The service may have new keys.
            self._keys = None
            found = jwt.decode(token, self._public(client, about), algorithms=ALGORITHMS)
        needed = {"essential": True}
        registry = jwt.JWTClaimsRegistry(
            now=int(now), leeway=SKEW, iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.client_id}, exp=needed, iat=needed,
        )  # fmt: skip
        registry.validate(found.claims)
        claims: dict[str, Any] = found.claims
        # Core 1.0, 3.1.3.7: for whom it was made, where it names several or says so.
        audience = claims["aud"]
        several = isinstance(audience, list) and set(audience) != {self._settings.client_id}
        if claims.get("azp", None if several else self._settings.client_id) != (
            self._settings.client_id
        ):
            raise _disbelief()
        return claims

    def _public(self, client: Any, about: Mapping[str, Any]) -> Any:
        if self._keys is None:
            jwk = require("joserfc.jwk", extra="oidc")
            self._keys = jwk.KeySet.import_key_set(self._read(client, about["jwks_uri"]))
        return self._keys

    def _read(self, client: Any, url: str) -> Any:
        try:
            answer = client.request("GET", url, withhold_token=True)
            answer.raise_for_status()
            told = json.loads(answer.content)
        except _faults_of_line(ValueError) as error:
            raise _silent(error) from error
        if not isinstance(told, dict):
            raise _disbelief()
        return told


def _faults_of_line(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """What the library's client raises: Authlib takes HTTPX's successor where that is installed."""
    there = [name for name in ("httpx2", "httpx") if find_spec(name)]
    return (*(require(name, extra="oidc").HTTPError for name in there), *others)


def take_back(database: Database, connection: Connection, state: str) -> Attempt | None:
    """Take an attempt that came back; it counts once.

    Args:
        database: the database.
        connection: a connection that writes.
        state: what the browser brought in its address, which must be what its cookie has.

    Returns:
        The attempt; None where there is none, or it is too old.
    """
    this = oidc_attempts.c.digest == secrets.digest(state)
    row = connection.execute(select(oidc_attempts).where(this)).one_or_none()
    if row is None or not connection.execute(delete(oidc_attempts).where(this)).rowcount:
        return None
    if row.expires < database.time():
        return None
    return Attempt(row.nonce, row.verifier, row.account, row.next)


def account_of(connection: Connection, identity: Identity) -> str:
    """Find the account that is linked to an identity; empty: none is."""
    query = select(oidc_subjects.c.account).where(oidc_subjects.c.subject == identity.subject)
    return str(connection.execute(query).scalar() or "")


def link(connection: Connection, account: str, identity: Identity) -> None:
    """Link an account to an identity; the one that it had before ends.

    Raises:
        UsageError: another account is linked to it.
    """
    if account_of(connection, identity) not in ("", account):
        raise UsageError("This identity belongs to another account.", remedy="Use that one.")
    unlink(connection, account)
    values = {"subject": identity.subject, "account": account}
    connection.execute(insert(oidc_subjects).values(**values))


def unlink(connection: Connection, account: str) -> None:
    """Let an account be linked to no identity any more."""
    connection.execute(delete(oidc_subjects).where(oidc_subjects.c.account == account))


def is_linked(connection: Connection, account: str) -> bool:
    """Tell whether an account is linked to an identity."""
    query = select(oidc_subjects.c.subject).where(oidc_subjects.c.account == account)
    return connection.execute(query).first() is not None


def check_protected(url: str) -> None:
    """Check that an address of the service is protected, or on this machine.

    Raises:
        UsageError: it is not.
    """
    parts = urlsplit(url)
    is_here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not parts.hostname or (parts.scheme != "https" and not is_here):
        raise UsageError(
            "The service's address is not protected.", where=url[:200],
            remedy="Give an issuer whose addresses begin with https://.",
        )  # fmt: skip


def _disbelief() -> NotAllowed:
    return NotAllowed(
        "What the service says of you does not hold.", remedy="Try again, or use your password."
    )


def _silent(error: Exception) -> TocsinError:
    return TocsinError(f"The service for signing in does not answer ({type(error).__name__}).")
