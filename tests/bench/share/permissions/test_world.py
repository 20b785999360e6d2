"""An answer tells which objects took part in it."""

from __future__ import annotations

from tocsin.bench.share.permissions.world import Answer, Thing, id_of
from tocsin.share.server.access.marking import Marking


def test_signs_and_ids_are_found_wherever_they_show() -> None:
    text = f"x-place: {id_of('note', 7)}"
    found = Answer(200, text, b"... sign-00012-sign, sign-123-sign").names()
    assert found == {7, 12}


def test_the_id_of_what_was_released_is_no_secret() -> None:
    marked = frozenset({Marking("RED", "Health")})
    old, new = (Thing(5, kind, marked) for kind in ("old", "warning"))
    assert old.id != new.id
    assert 5 not in Answer(200, old.id, b"").names()
