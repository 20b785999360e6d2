"""Roles, and scopes within them."""

from __future__ import annotations

import pytest

from tocsin.errors import UsageError
from tocsin.share.server.access.reader import NOBODY, READ, ROLES, VERBS, reader
from tocsin.share.server.access.refusals import TooOften


def test_scopes_never_widen_a_role() -> None:
    for role, verbs in ROLES.items():
        account = reader("a", "Health", role)
        assert account.within(frozenset(VERBS)).verbs == verbs
        assert account.within(frozenset({READ})).verbs == {READ}
    assert NOBODY.verbs == {READ}


def test_nobody_who_oversees_or_manages_also_acts() -> None:
    for role in ("oversight", "administrator"):
        assert not ROLES[role] & {"write", "handle", "mark", "release", "delete"}


def test_an_unknown_role_and_a_nameless_account_are_refused() -> None:
    with pytest.raises(UsageError, match="no role"):
        reader("a", "Health", "chief")
    with pytest.raises(UsageError, match=f"no role '{'x' * 40}'"):
        reader("a", "Health", "x" * 41)
    for name, organisation in (("a", ""), ("", "Health"), ("", "")):
        with pytest.raises(UsageError, match="needs a name and an organisation"):
            reader(name, organisation, "analyst")


def test_who_asks_too_often_is_told_whole_seconds_after_which_it_is_free_again() -> None:
    for wait, seconds in ((0.0, 1), (0.2, 1), (59.9, 60), (60.0, 61)):
        refused = TooOften(wait)
        assert refused.seconds == seconds
        assert refused.remedy == f"Wait {seconds} seconds."
