"""Which servers are neighbours here: added, listed, paused and removed by the operator."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, delete, insert, select, update

from tocsin.errors import UsageError
from tocsin.share.audit.note import COSIGNED, OWN, PublicKey, read_public_key
from tocsin.share.server.database.connection import Database, moment
from tocsin.share.server.database.outbound import cursors, neighbours
from tocsin.share.server.database.tables import accounts
from tocsin.share.server.neighbours.cursors import RESTORED


def add(
    connection: Connection,
    url: str,
    key: str,
    *,
    witness: str = "",
    token_file: Path | None = None,
    account: str = "",
    live: bool = True,
) -> str:
    """Add a neighbour, or change one that is there.

    Args:
        connection: a connection that writes.
        url: its address, which must be protected unless it is on this machine.
        key: the public key with which it signs, as its owner gave it; its name is the server's.
        witness: the public key with which it cosigns others' logs; empty: it cosigns none.
        token_file: a file that holds our token there; None: it is only read by others.
        account: the account, with the role 'partner', as which it asks here.
        live: False for one who plays an exercise along.

    Returns:
        Its name.

    Raises:
        UsageError: an address, a key, a file or an account is none.
    """
    parts = urlsplit(url)
    is_here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not parts.hostname or (parts.scheme != "https" and not (is_here and parts.scheme == "http")):
        raise UsageError(
            "The address is not protected.", where=url, remedy="Give one that begins with https://."
        )
    public = _key(key, OWN)
    if witness:
        _key(witness, COSIGNED)
    if token_file is not None and not token_file.is_file():
        raise UsageError("There is no such file.", where=str(token_file))
    if account:
        _check_partner(connection, account)
    values = {
        "url": url.rstrip("/"), "key": str(public), "witness": witness.strip(), "account": account,
        "token_file": str(token_file.resolve()) if token_file else "", "live": live, "fault": "",
    }  # fmt: skip
    this = neighbours.c.name == public.name
    if not connection.execute(update(neighbours).where(this).values(**values)).rowcount:
        connection.execute(insert(neighbours).values(name=public.name, **values))
    # Statements of this server may have come by another one and been refused without its key.
    read = cursors.c.neighbour != RESTORED
    connection.execute(update(cursors).where(read).values(place="0"))
    return public.name


def _check_partner(connection: Connection, name: str) -> None:
    role = connection.execute(select(accounts.c.role).where(accounts.c.name == name)).scalar()
    if role != "partner":
        raise UsageError(
            "There is no account of a partner of this name.", where=name,
            remedy="Invite one with the role 'partner'.",
        )  # fmt: skip


def _key(text: str, kind: int) -> PublicKey:
    found = read_public_key(text)
    if found.kind != kind:
        wanted = "sign" if kind == OWN else "cosign"
        raise UsageError(f"This is no key to {wanted} with.", where=found.name,
                         remedy="Give log.pub as --key and witness.pub as --witness.")  # fmt: skip
    return found


def pause(connection: Connection, name: str, *, paused: bool) -> None:
    """Pause a neighbour, who then is neither followed nor asked for cosignatures, or go on.

    Raises:
        UsageError: there is none of this name.
    """
    this = neighbours.c.name == name
    _check(connection.execute(update(neighbours).where(this).values(paused=paused)).rowcount, name)


def remove(connection: Connection, name: str) -> None:
    """Remove a neighbour; what came from it stays.

    Raises:
        UsageError: there is none of this name.
    """
    _check(connection.execute(delete(neighbours).where(neighbours.c.name == name)).rowcount, name)


def _check(found: int, name: str) -> None:
    if not found:
        raise UsageError("There is no such neighbour.", where=name,
                         remedy="`tocsin neighbours list` shows them.")  # fmt: skip


def names_and_keys(connection: Connection) -> list[Row[Any]]:
    """List the rows of the table `neighbours`, by name."""
    return list(connection.execute(select(neighbours).order_by(neighbours.c.name)).all())


def public_keys(connection: Connection) -> Mapping[str, PublicKey]:
    """Give the keys with which neighbours sign, by their names."""
    return {one.name: read_public_key(one.key) for one in names_and_keys(connection)}


def asks_by(connection: Connection, account: str) -> bool:
    """Tell whether an account is that by which a neighbour asks here."""
    found = connection.execute(select(neighbours.c.name).where(neighbours.c.account == account))
    return bool(account) and found.first() is not None


def plays(connection: Connection, account: str) -> bool:
    """Tell whether an account is that of a neighbour who plays an exercise along."""
    mine = (neighbours.c.account == account) & ~neighbours.c.live
    return connection.execute(select(neighbours.c.name).where(mine)).first() is not None


def as_dict(database: Database, row: Row[Any]) -> dict[str, Any]:
    """Give a neighbour for machines, without where its token lies."""
    age = None if row.followed is None else (database.time() - row.followed) / 1e6
    return {
        "name": row.name, "url": row.url, "account": row.account, "paused": bool(row.paused),
        "live": bool(row.live), "cosigns": bool(row.witness), "cosigned": row.cosigned,
        "followed": None if row.followed is None else moment(row.followed).isoformat(),
        "followed_seconds_ago": None if age is None else round(age, 1), "fault": row.fault,
        "refused": bool(row.refused), "unsure": bool(row.unsure),
    }  # fmt: skip
