"""Sessions and tokens: whole secrets, ends of time, revocation."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from share.server.conftest import PASSWORD, Hands, Site
from tocsin.errors import UsageError
from tocsin.share.server.accounts import people, secrets, signing_in
from tocsin.share.server.accounts.people import NoInvitation, Place
from tocsin.share.server.database.tables import invitations, sessions, tokens


def test_a_token_is_compared_whole(site: Site) -> None:
    """Elsewhere a key was known by its first and last characters."""
    site.account("Ama")
    token = site.token("Ama")
    middle = len(token) // 2 + 5
    other = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
    with site.database.reading() as connection:
        found = signing_in.of_token(site.database, connection, token)
        assert found is not None
        assert found.reader.name == "Ama"
        for wrong in (other, token[:-1], token + "A", token.upper(), "", "tocsin_", token[7:]):
            assert signing_in.of_token(site.database, connection, wrong) is None


def test_no_secret_stands_in_the_database(site: Site) -> None:
    signed = site.account("Ama")
    token = site.token("Ama")
    with site.database.writing() as connection:
        session = signing_in.begin(site.database, connection, signed.account)
        link = people.invite(site.database, connection, Place("Health", "analyst"))
    with site.database.reading() as connection:
        rows = [
            str(row)
            for table in (tokens, sessions, invitations)
            for row in connection.execute(select(table))
        ]
    assert not any(secret in row for secret in (token, session, link) for row in rows)


def test_sessions_and_tokens_end(site: Site, hands: Hands) -> None:
    signed = site.account("Ama")
    token = site.token("Ama")
    with site.database.writing() as connection:
        session = signing_in.begin(site.database, connection, signed.account)
    with site.database.reading() as connection:
        assert signing_in.of_session(site.database, connection, session) is not None
    hands.move(hours=13)
    with site.database.reading() as connection:
        assert signing_in.of_session(site.database, connection, session) is None
        assert signing_in.of_token(site.database, connection, token) is not None
    hands.move(days=90)
    with site.database.reading() as connection:
        assert signing_in.of_token(site.database, connection, token) is None


def test_a_disabled_account_is_out_at_once(site: Site) -> None:
    signed = site.account("Ama")
    token = site.token("Ama")
    with site.database.writing() as connection:
        session = signing_in.begin(site.database, connection, signed.account)
        people.disable(connection, signed.account)
    with site.database.reading() as connection:
        assert signing_in.of_session(site.database, connection, session) is None
        assert signing_in.of_token(site.database, connection, token) is None
    assert signing_in.password_account(site.database, "Ama", PASSWORD) is None


def test_a_password_is_right_or_wrong_and_a_name_in_any_case(site: Site) -> None:
    signed = site.account("Ama")
    assert signing_in.password_account(site.database, " ama ", PASSWORD) == signed.account
    assert signing_in.password_account(site.database, "Ama", PASSWORD + "x") is None
    assert signing_in.password_account(site.database, "Nobody", PASSWORD) is None
    with pytest.raises(UsageError, match="12 to 200"):
        secrets.stretch("short")


def test_a_one_time_link_works_once(site: Site, hands: Hands) -> None:
    with site.database.writing() as connection:
        link = people.invite(site.database, connection, Place("Health", "analyst"))
        late = people.invite(site.database, connection, Place("Health", "analyst"))
        people.accept(
            site.database, connection, link, "Ama", secrets.stretch(PASSWORD), host="Health"
        )
        with pytest.raises(NoInvitation):
            people.accept(
                site.database, connection, link, "Ben", secrets.stretch(PASSWORD), host="Health"
            )
    hands.move(days=8)
    with site.database.reading() as connection, pytest.raises(NoInvitation):
        people.invitation(site.database, connection, late)


def test_a_name_that_is_taken_in_another_case_cannot_be_had(site: Site) -> None:
    site.account("Ama")
    with site.database.writing() as connection, pytest.raises(UsageError, match="cannot be had"):
        people.add(site.database, connection, "AMA", Place("Health", "analyst"), "x")


def test_several_are_found_together_as_each_of_them_alone(site: Site, hands: Hands) -> None:
    ama, ben = site.account("Ama"), site.account("Ben", "Interior")
    database = site.database
    with database.writing() as connection:
        ended = signing_in.begin(database, connection, ama.account)
        signing_in.end(connection, ama.account)
        sessions = [signing_in.begin(database, connection, who.account) for who in (ama, ben)]
    tokens = [site.token("Ama"), site.token("Ben"), site.token("Ama", frozenset({"read"}))]
    shown = [
        *[(signing_in.SESSION_SHOWN, one) for one in (*sessions, ended, tokens[0], "")],
        *[(signing_in.TOKEN_SHOWN, one) for one in (*tokens, tokens[0] + "x", sessions[0], "")],
    ]  # fmt: skip
    shown += shown[:3]
    with database.asking() as connection:
        together = signing_in.find_all(database, connection, shown)
        alone = [signing_in.find_all(database, connection, [one])[0] for one in shown]
    assert together == alone
    names = [one and one.reader.name for one in together]
    assert names[:5] == ["Ama", "Ben", None, None, None]
    assert names[5:11] == ["Ama", "Ben", "Ama", None, None, None]
