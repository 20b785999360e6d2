"""Readers: who asks, and what their role lets them do."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tocsin.errors import UsageError

READ, REPORT, WRITE, HANDLE = "read", "report", "write", "handle"
MARK, RELEASE, DELETE, PROPOSE = "mark", "release", "delete", "propose"
OVERSEE, MANAGE, OPERATE = "oversee", "manage", "operate"
VERBS = (
    READ, REPORT, WRITE, HANDLE, MARK, RELEASE, DELETE, PROPOSE, OVERSEE, MANAGE, OPERATE,
)  # fmt: skip
"""What can be done: read objects; send reports; write objects; acknowledge, assign and escalate
warnings; mark more strictly; release to more readers; delete; propose a change to the owner; see
who did what, and why; manage accounts; see how the server itself does."""

ROLES: dict[str, frozenset[str]] = {
    "field reporter": frozenset({READ, REPORT}),
    "analyst": frozenset({READ, REPORT, WRITE, HANDLE, MARK, DELETE, PROPOSE}),
    "decision maker": frozenset({READ, HANDLE, MARK, RELEASE, PROPOSE}),
    "partner": frozenset({READ, HANDLE, PROPOSE}),
    "oversight": frozenset({READ, OVERSEE}),
    "administrator": frozenset({READ, MANAGE, OPERATE}),
}
"""What each role may do. None sees an object that its markings do not allow: an administrator
manages accounts and the machine, oversight asks why, and both need to know as others do."""
OF_OWNER = frozenset({WRITE, MARK, RELEASE, DELETE})
"""What is done to an object only by the organisation that owns it."""
FOR_REPORTERS = ("warning", "brief")
"""The types of objects that a field reporter reads; reports of others are not among them."""


@dataclass(frozen=True)
class Reader:
    """This is who asks: an account, or nobody known."""

    name: str = ""
    """The account's name; empty: nobody known."""
    organisation: str = ""
    role: str = ""
    """One of `ROLES`; empty: nobody known, who may only read."""
    jurisdictions: frozenset[str] = frozenset()
    """Codes of the territories that the account answers for, or `EVERYWHERE`."""
    groups: frozenset[str] = frozenset()
    """Groups that need to know, to which it belongs."""
    client_of: frozenset[str] = frozenset()
    """Organisations whose client its own is: what they got as AMBER, it may see."""
    verbs: frozenset[str] = frozenset({READ})
    """What it may do now: what its role may, within the scopes of the token that it uses."""

    @property
    def known(self) -> bool:
        """Tell whether an account asks."""
        return bool(self.name)

    def within(self, scopes: frozenset[str]) -> Reader:
        """Give the same reader, who may do nothing beyond some scopes."""
        return replace(self, verbs=self.verbs & scopes)


NOBODY = Reader()
"""Whoever asks without an account."""


def reader(
    name: str,
    organisation: str,
    role: str,
    *,
    jurisdictions: frozenset[str] = frozenset(),
    groups: frozenset[str] = frozenset(),
    client_of: frozenset[str] = frozenset(),
) -> Reader:
    """Make the reader that an account is.

    Args:
        name: the account's name.
        organisation: its organisation.
        role: one of `ROLES`.
        jurisdictions: codes of the territories that it answers for.
        groups: groups that need to know, to which it belongs.
        client_of: organisations whose client its own is.

    Returns:
        The reader, with all that the role may do.

    Raises:
        UsageError: there is no such role, or the name or organisation is empty.
    """
    if role not in ROLES:
        raise UsageError(
            f"There is no role '{role[:40]}'.", remedy=f"Choose of: {', '.join(ROLES)}."
        )
    if not name or not organisation:
        raise UsageError("An account needs a name and an organisation.", remedy="Give both.")
    return Reader(name, organisation, role, jurisdictions, groups, client_of, ROLES[role])
