"""Who may see what, written out a second time, is what the server decides."""

from __future__ import annotations

import pytest

from tocsin.bench.share.permissions.people import list_askers, list_markings
from tocsin.share.server.access.decision import may_see, types_shown_to
from tocsin.share.server.access.marking import Audience
from tocsin.share.server.access.reader import NOBODY, reader


@pytest.mark.slow
def test_both_say_the_same_of_every_asker_and_marking() -> None:
    markings, cases = list(list_markings()), 0
    for one in list_askers():
        who = NOBODY if not one.role else reader(
            one.name, one.organisation, one.role, jurisdictions=one.places, groups=one.groups,
            client_of=one.client_of,
        )  # fmt: skip
        types = types_shown_to(who)
        for marked in markings:
            for type in ("warning", "report"):
                seen = may_see(who, Audience(marked)) and (types is None or type in types)
                assert one.sees(marked, type) is seen
                cases += 1
    assert cases == 145 * 80 * 2
