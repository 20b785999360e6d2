"""Names between servers: a name means the body, or the account, that its own server calls so.

'Ministry of Interior' is one body at one server and another body at the next. What travels says
which: as 'Ministry of Interior (north.example)', which is also how it is kept and shown at the
other server, where no account has that name. Back at its own server it is the bare name again.
Accounts, which RED names, are named in the same way.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import Connection, select

from tocsin.errors import UsageError
from tocsin.share.server.access.marking import LONGEST, Audience, Marking
from tocsin.share.server.database.tables import accounts

PARTNER = "partner"
"""The role of a neighbour's account, whose organisation is the neighbour's own."""


def at(name: str, server: str) -> str:
    """Say which server calls an organisation or an account so.

    Args:
        name: what the server calls it.
        server: the server's name.

    Returns:
        The name with the server's behind it; as it is where it says so already, or is empty.

    Raises:
        UsageError: both together are longer than a name may be.
    """
    ending = f" ({server})"
    if not name or name.endswith(ending):
        return name
    if len(name) + len(ending) > LONGEST:
        raise UsageError("A name and its server's are too long together.")
    return name + ending


def own_alone(connection: Connection) -> frozenset[str]:
    """Give the organisations of people of this server, without those of its neighbours.

    Args:
        connection: any connection.

    Returns:
        Names of organisations that have an account here, none of which is a neighbour's.
    """
    rows = connection.execute(select(accounts.c.organisation, accounts.c.role).distinct()).all()
    theirs = {row.organisation for row in rows if row.role == PARTNER}
    return frozenset({row.organisation for row in rows} - theirs)


def leaving(audience: Audience, own: Collection[str], server: str) -> Audience:
    """Give an audience as it travels: recipients that are bodies of this server alone say so.

    Args:
        audience: the markings of an own object.
        own: names of this server's own organisations.
        server: this server's name.

    Returns:
        The markings; those who set them are named by whoever takes them in.
    """
    if not any(one.recipients & frozenset(own) for one in audience.markings):
        return audience
    return Audience.of(*(_with_recipients(one, own, server) for one in audience.markings))


def _with_recipients(one: Marking, own: Collection[str], server: str) -> Marking:
    return replace(
        one, recipients=frozenset(at(n, server) if n in own else n for n in one.recipients)
    )


def coming(audience: Audience, origin: str, me: str, servers: Collection[str]) -> Audience:
    """Give an audience that came from another server as it is meant here.

    Args:
        audience: its markings, as their server states them.
        origin: that server's name.
        me: this server's name.
        servers: the names of all servers that are known here.

    Returns:
        The markings. Whoever set one is named with its server, and so are the accounts that RED
        names; bodies and accounts of this server have their bare names; other recipients are
        whoever is called so where the object was given to.

    Raises:
        UsageError: a name is too long.
    """
    return _coming(audience, origin, me, frozenset(servers))


@lru_cache(maxsize=10_000)
def _coming(audience: Audience, origin: str, me: str, servers: frozenset[str]) -> Audience:
    """Most of what a server sends has one of a few audiences."""
    return Audience.of(*(_came(one, origin, me, servers) for one in audience.markings))


def _came(one: Marking, origin: str, me: str, servers: frozenset[str]) -> Marking:
    here = f" ({me})"
    known = tuple(f" ({server})" for server in {*servers, me})

    def of_origin(name: str) -> str:
        named = name if name.endswith(known) else at(name, origin)
        return named.removesuffix(here) or named

    return replace(
        one, owner=of_origin(one.owner), readers=frozenset(map(of_origin, one.readers)),
        recipients=frozenset(n.removesuffix(here) or n for n in one.recipients),
    )  # fmt: skip
