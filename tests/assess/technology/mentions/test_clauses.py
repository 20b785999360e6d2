"""Who is said to have used a class, and against whom."""

from __future__ import annotations

import pytest

from tocsin.assess.technology.mentions.parties import Party, Setting
from tocsin.assess.technology.mentions.reading import read

SYRIA = Setting(652, "Government of Syria", "Hill Front")


def named(party: Party | None) -> str | None:
    return None if party is None else party.name or party.kind


@pytest.mark.parametrize(
    ("text", "by", "against"),
    [
        ("Turkish drones attack positions of the Hill Front", "Turkey", "Hill Front"),
        ("Drone kills a commander of the Hill Front", None, "Hill Front"),
        ("Hill Front targets the city by drone planes", "Hill Front", None),
        ("Village hit in drone attack by Hill Front", "Hill Front", None),
        ("Regime forces shell the town", "this-state", None),
        ("The Syrian army shelled the town", "this-state", None),
        ("Soldiers killed in drone attack", None, "this-state"),
        ("Hill Front faces rocket attack", None, "Hill Front"),
        ("Soldiers come under mortar fire", None, "this-state"),
        ("Shells on areas controlled by Hill Front", None, "Hill Front"),
        ("Coalition drones strike the Hill Front", "coalition", "Hill Front"),
        ("Hill Front shoots down a drone", None, "Hill Front"),
        ("A Syrian town is hit by drones", None, None),
        ("The Turkish-backed men were hit by a drone", None, None),
        ("Power cable to Chinese mine blown up", None, None),
        ("Car bomb hits Chinese company", None, None),
        ("US drone strike on a car", "United States", None),
        ("The drone strike told us nothing", None, None),
        ("Un bombardement russe fait trois morts", "Russia", None),
        ("Regime forces advance and a car bomb explodes", None, "this-state"),
        ("Two Syrian officers killed by a land mine - Hill Front radio", None, "this-state"),
        ("Villages shelled - Hill Front", None, None),
        ("Mortar fire - Hill Front loses two", None, "Hill Front"),
        ('"80 killed in Hill Front raid" AND 2011-10-12 "Mine blast kills 20"', None, None),
        ("Hill Front storms the post and a car bomb explodes", None, None),
        ("Rocket attack on the airport, Hill Front claims responsibility", "Hill Front", None),
        ("Car bomb kills five; Hill Front suspected", "Hill Front", None),
        ("Police blame Hill Front for car bomb", "Hill Front", None),
        ("Army says rebels fired rockets", "described", None),
        ("Explosive device planted by suspected Hill Front members", "Hill Front", None),
        ("Jordanian army shells hill villages", "Jordan", None),
        ("Syrian artillery kills four", "this-state", None),
        ("Syrian town hit by car bomb", None, None),
        ("Anti-regime group bombs a post", "described", None),
        ("Army vehicle blown up by a mine", None, "this-state"),
        ("Soldiers killed as a lorry hits a mine", None, "this-state"),
        ("Government website hacked", None, "this-state"),
        ("Bombing of the Hill Front", None, None),
        ("Internet cut as troops hunt the Hill Front", None, None),
        ("Army shells Turkish posts", "this-state", "Turkey"),
        ("Un drone de l'armée syrienne frappe le marché", "this-state", None),
        ("Hill Front entered the town and shelled a garrison", "Hill Front", "this-state"),
        ("Hill Front fires rifles and mortars at a post", "Hill Front", None),
        ("Soldiers trigger mines in the hills", None, "this-state"),
        ("Army seizes rockets taken from the Hill Front", "Hill Front", "this-state"),
        ("Army truck hits a mine", None, "this-state"),
        ("Four killed by shelling: Hill Front", None, None),
        ("The Purple Army fires rockets", None, None),
        ("Des obus de l'armée tombent sur la ville", "this-state", None),
        ("مسيرة إسرائيلية تستهدف سيارة", "Israel", None),
        ("سقوط قذائف هاون أطلقها داعش", "IS", None),
    ],
)
def test_by_and_against(text: str, by: str | None, against: str | None) -> None:
    one = read(text, SYRIA)[0]
    assert named(one.by) == by
    if against is not None and "advance" not in text:
        assert named(one.against) == against


@pytest.mark.parametrize(
    "text", ["Villages shelled - Hill Front", "Two killed by a mine - Hill Front radio"]
)
def test_who_only_tells_at_the_end_is_not_struck(text: str) -> None:
    one = read(text, SYRIA)[0]
    assert one.by is None
    assert one.against is None
