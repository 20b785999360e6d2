"""Signing in: sessions for people, tokens for programs.

A session has a secret of its own against forged requests (CSRF), which every form sends along. A
token is compared whole: its public id finds the row, and the digest of the whole token must be the
one that is kept.
"""

from __future__ import annotations

import hmac
import json
import secrets as random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from tocsin.errors import UsageError
from tocsin.share.server.access.reader import VERBS, Reader
from tocsin.share.server.accounts import secrets
from tocsin.share.server.accounts.people import DAY, reader_of
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.tables import DIALECTS, accounts, among, sessions, tokens

SESSION = DAY // 2
"""How long a session lasts, microseconds: a day of work."""
WAIT = 600 * 1_000_000
"""How long a session waits for a second factor, microseconds."""
TOKEN_DAYS, LONGEST_DAYS = 90, 366
"""How long a token lasts unless somebody says otherwise, and at most."""
SESSION_SHOWN, TOKEN_SHOWN = "session", "token"
Shown = tuple[str, str]
"""What somebody shows: whether it is a session or a token, and its secret."""
_WHO = [
    accounts.c[name]
    for name in (
        "id", "name", "organisation", "role", "jurisdictions", "groups", "client_of", "language",
    )
]  # fmt: skip
"""What is needed of an account to know who asks."""
_OF_TOKEN = (
    select(
        *_WHO, tokens.c.id.label("token"), tokens.c.digest, tokens.c.scopes, tokens.c.expires,
        tokens.c.revoked,
    )
    .join_from(tokens, accounts, tokens.c.account == accounts.c.id)
    .where(~accounts.c.disabled)
)  # fmt: skip
_OF_SESSION = (
    select(
        *_WHO, sessions.c.digest, sessions.c.csrf, sessions.c.expires,
        sessions.c.revoked,
    )
    .join_from(sessions, accounts, sessions.c.account == accounts.c.id)
    .where(~sessions.c.waits, ~accounts.c.disabled)
)  # fmt: skip
_OF: dict[str, dict[str, Select[Any]]] = {
    one: {
        SESSION_SHOWN: _OF_SESSION.where(among(sessions.c.digest, "of", one)),
        TOKEN_SHOWN: _OF_TOKEN.where(among(tokens.c.id, "of", one)),
    }
    for one in DIALECTS
}
"""Who asks, in one question, so that what was revoked or closed counts at once; several who ask at
one time are one question."""


@dataclass(frozen=True)
class SignedIn:
    """This is who asks, and how they showed it."""

    reader: Reader
    account: str = ""
    """The account's id; empty: nobody known."""
    csrf: str = ""
    """The session's secret against forged requests; empty where a token was shown."""
    language: str = ""
    session: str = ""
    """The digest of the session."""


def password_account(database: Database, name: str, password: str) -> str | None:
    """Find the account that a name and a password belong to; None where they belong to none.

    It takes as long for a name that nobody has.
    """
    query = select(accounts).where(func.lower(accounts.c.name) == name.strip().lower())
    with database.reading() as connection:
        found = connection.execute(query).one_or_none()
    right = secrets.is_password(found.password if found else None, password)
    return str(found.id) if right and found is not None and not found.disabled else None


def begin(
    database: Database,
    connection: Connection,
    account_id: str,
    *,
    agent: str = "",
    waits: bool = False,
) -> str:
    """Begin a session.

    Args:
        database: the database.
        connection: a connection that writes.
        account_id: whose session.
        agent: what the browser calls itself.
        waits: True where a second factor is still to be shown; the session opens nothing else.

    Returns:
        The session's secret, for a cookie; only its digest is kept.
    """
    secret, now = secrets.draw(), database.time()
    connection.execute(
        insert(sessions).values(
            digest=secrets.digest(secret), account=account_id, csrf=secrets.draw(), created=now,
            expires=now + (WAIT if waits else SESSION), waits=waits,
            agent="".join(sign for sign in agent if sign.isprintable())[:200],
        )
    )  # fmt: skip
    return secret


def of_session(database: Database, connection: Connection, secret: str) -> SignedIn | None:
    """Find who asks by a session; None where it ended, was revoked, or never was."""
    return find_all(database, connection, [(SESSION_SHOWN, secret)])[0]


def find_all(
    database: Database, connection: Connection, shown: Sequence[Shown]
) -> list[SignedIn | None]:
    """Find several who ask, as `of_session` and `of_token` do it.

    Args:
        database: the database.
        connection: any connection.
        shown: what each of them shows.

    Returns:
        Who each of them is; None where what was shown does not hold.
    """
    keys = {
        (kind, secret): secrets.digest(secret) if kind == SESSION_SHOWN else _token_id(secret)
        for kind, secret in shown
    }  # fmt: skip
    rows: dict[Shown, Row[Any]] = {}
    for kind, name in ((SESSION_SHOWN, "digest"), (TOKEN_SHOWN, "token")):
        some = sorted({key for (of, _), key in keys.items() if of == kind})
        if some:
            found = connection.execute(_OF[connection.dialect.name][kind], {"of": some})
            rows |= {(kind, getattr(row, name)): row for row in found}
    now = database.time()
    return [_holds(one, rows.get((one[0], keys[one])), now) for one in shown]


def _holds(shown: Shown, found: Row[Any] | None, now: int) -> SignedIn | None:
    """Who showed something, by the row that its id found."""
    if found is None or found.revoked or found.expires < now:
        return None
    kind, secret = shown
    if kind == SESSION_SHOWN:
        return SignedIn(reader_of(found), found.id, found.csrf, found.language, found.digest)
    if not secrets.is_same(found.digest, secret):
        return None
    return SignedIn(reader_of(found).within(frozenset(json.loads(found.scopes))), found.id)


def waiting_account(database: Database, connection: Connection, secret: str) -> Row[Any] | None:
    """Find the account whose session waits for a second factor; None where none does."""
    query = select(accounts, sessions.c.digest).join_from(
        sessions, accounts, sessions.c.account == accounts.c.id
    ).where(
        sessions.c.digest == secrets.digest(secret), sessions.c.waits, ~sessions.c.revoked,
        sessions.c.expires >= database.time(), ~accounts.c.disabled,
    )  # fmt: skip
    return connection.execute(query).one_or_none()


def open_sessions(database: Database, connection: Connection, account_id: str) -> list[Row[Any]]:
    """List the sessions of an account that are open, the newest first."""
    query = select(sessions).where(
        sessions.c.account == account_id, ~sessions.c.revoked, ~sessions.c.waits,
        sessions.c.expires >= database.time(),
    )  # fmt: skip
    return list(connection.execute(query.order_by(sessions.c.created.desc())).all())


def name_of(session: str) -> str:
    """Give the name under which a session is listed and ended: a part of its digest."""
    return session[:16]


def end_named(connection: Connection, account_id: str, name: str) -> None:
    """End the session of an account that is listed under a name."""
    mine = (sessions.c.account == account_id) & (func.substr(sessions.c.digest, 1, 16) == name)
    connection.execute(update(sessions).where(mine).values(revoked=True))


def change_password(connection: Connection, account_id: str, stretched: str) -> None:
    """Change a password; all sessions of the account end.

    Args:
        connection: a connection that writes.
        account_id: whose.
        stretched: the new password, as `secrets.stretch` gives it.
    """
    this = accounts.c.id == account_id
    connection.execute(update(accounts).where(this).values(password=stretched))
    end(connection, account_id)


def end(connection: Connection, account_id: str, *, session: str = "") -> None:
    """End a session, or all sessions of an account where none is named by its digest."""
    ended = update(sessions).where(sessions.c.account == account_id)
    if session:
        ended = ended.where(sessions.c.digest == session)
    connection.execute(ended.values(revoked=True))


def of_name(connection: Connection, name: str) -> SignedIn | None:
    """Give whom the server acts for by itself, as in a webhook; None: the account is closed."""
    query = select(accounts).where(accounts.c.name == name, ~accounts.c.disabled)
    row = connection.execute(query).one_or_none()
    return SignedIn(reader_of(row), row.id, language=row.language) if row else None


def is_csrf(signed: SignedIn, shown: str) -> bool:
    """Tell whether a form shows the session's secret; a session without one has none to show."""
    return bool(signed.csrf) and hmac.compare_digest(signed.csrf.encode(), shown.encode())


def issue(
    database: Database,
    connection: Connection,
    account_id: str,
    scopes: frozenset[str],
    *,
    label: str = "",
    days: int = TOKEN_DAYS,
) -> str:
    """Issue a token to a program.

    Args:
        database: the database.
        connection: a connection that writes.
        account_id: for whom it acts.
        scopes: what it may do of what the account may (`reader.VERBS`).
        label: what it is for.
        days: how long it may be used.

    Returns:
        The token, which is shown once; only its digest is kept.

    Raises:
        UsageError: there is no such scope, or none is named.
    """
    if not scopes or scopes - set(VERBS):
        raise UsageError(
            f"These are no scopes: {', '.join(sorted(scopes - set(VERBS))) or 'none'}.",
            remedy=f"Choose of: {', '.join(VERBS)}.",
        )
    id, now = random.token_hex(8), database.time()
    token = f"tocsin_{id}_{secrets.draw()}"
    connection.execute(
        insert(tokens).values(
            id=id, account=account_id, digest=secrets.digest(token), label=label,
            scopes=json.dumps(sorted(scopes)), created=now, expires=now + days * DAY,
        )
    )  # fmt: skip
    return token


def of_token(database: Database, connection: Connection, token: str) -> SignedIn | None:
    """Find who asks by a token; None where it is wrong in any character, too old, or revoked."""
    return find_all(database, connection, [(TOKEN_SHOWN, token)])[0]


def _token_id(token: str) -> str:
    return token.removeprefix("tocsin_").partition("_")[0]


def revoke(connection: Connection, account_id: str, id: str) -> None:
    """Revoke a token of an account."""
    mine = (tokens.c.id == id) & (tokens.c.account == account_id)
    connection.execute(update(tokens).where(mine).values(revoked=True))
