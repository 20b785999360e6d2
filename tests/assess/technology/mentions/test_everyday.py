"""Short forms and translations of the names of an event's own sides."""

from __future__ import annotations

import pytest

from tocsin.assess.technology.mentions.everyday import find_everyday
from tocsin.assess.technology.mentions.parties import Setting
from tocsin.assess.technology.mentions.reading import read
from tocsin.schema.vocabulary.folding import fold_in_place

COUNCIL, COMMITTEE = "Hilla People's Defence Council", "Hilla Resistance Committee"
BATTALION, SONS = "Black River Battalion", "Sons of the Reef"


def spans(text: str, *names: str) -> list[tuple[str, str]]:
    level = fold_in_place(text)
    return [(name, text[start:end]) for name, start, end in find_everyday(level, names)]


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("Raid on the Hilla council house", COUNCIL, "Hilla council"),
        ("Hilla fighters fire", COUNCIL, "Hilla fighters"),
        ("Four Reef fighters killed", SONS, "Reef fighters"),
        ("Les combattants de Hilla tirent", COUNCIL, "combattants de Hilla"),
        ("Dron del Consejo de Hilla", COUNCIL, "Consejo de Hilla"),
        ("Le Conseil de défense de Hilla", COUNCIL, "Conseil de défense de Hilla"),
        ("Un drone du Comité de résistance", COMMITTEE, "Comité de résistance"),
        ("Battalion mortars rain", BATTALION, "Battalion"),
        ("Rockets Fired Today by Battalion gunners", BATTALION, "Battalion"),
        ("Reef brigade fires", "Brigade of the Reef", "Reef brigade"),
        ("Three Battalion gunners die", BATTALION, "Battalion"),
        ("Le Bataillon tire", BATTALION, "Bataillon"),
        ("El Batallón dispara", BATTALION, "Batallón"),
        ("the Battalion's mortars", BATTALION, "Battalion's"),
        ("مجلس حيلا ينشر", "Hillat People's Council", ""),
        ("مجلس ماكواتا ينشر", "Macuata People's Council", "مجلس ماكواتا"),
        ("مسيرة للجنة مقاومة رودريغز", "Rodrigues Resistance Committee", "للجنة مقاومة رودريغز"),
        ("Movement fighters and Movement men", "Movement for Justice and Equality", "Movement"),
    ],
)  # fmt: skip
def test_what_headlines_call_a_side(text: str, name: str, words: str) -> None:
    assert (name, words) in spans(text, name) if words else not spans(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # A longer name is somebody else's, a small letter is a word, and a text of capitals tells
        # nothing.
        ("Volunteer Battalion fires", BATTALION), ("the 3rd Battalion fires", BATTALION),
        ("a battalion fires", BATTALION), ("Battalion Fires Many Rockets Today", BATTALION),
        ("Many Rockets Fired Today by Battalion", BATTALION),
        ("Front line moves", "Hilla Front"), ("Front populaire de Dune", "Hilla Front"),
        # States have armies, councils and guards too.
        ("Army fires", "Hilla Independence Army"), ("the Council says", COUNCIL),
        ("Independence Army fires", "Hilla Independence Army"),
        # A state's name or adjective, a direction and common words tell nobody from others.
        ("Syrian fighters fire", "Syrian Liberation Front"),
        ("Sudan rebels fire", "Sudan Liberation Movement"),
        ("Southern fighters fire", "Southern Front"), ("Islam fighters", "Army of Islam"),
        # Guns that have a place's name are in the place.
        ("Hilla mortar attack kills four", COUNCIL),
        # An army in a place is not the body of the place, and two consonants are no name.
        ("الجيش في ماكواتا", "Macuata People's Council"), ("مجلس حيلا", "Hilla Council"),
    ],
)  # fmt: skip
def test_what_others_may_be_called_too(text: str, name: str) -> None:
    assert spans(text, name) == []


def test_what_two_sides_share_tells_neither() -> None:
    assert spans("Hilla rebels fire", COUNCIL, "Hilla Front") == []
    assert spans("The Battalion fires", BATTALION, "Red Lake Battalion") == []
    assert spans("Hilla rebels fire", COUNCIL, BATTALION) == [(COUNCIL, "Hilla rebels")]


def test_an_everyday_name_is_a_party_only_where_it_is_a_side() -> None:
    text = "Battalion mortars rain on the camp"
    (here,) = read(text, Setting(652, "Government of Syria", BATTALION))
    assert here.by is not None
    assert (here.by.kind, here.by.name) == ("organisation", BATTALION)
    (there,) = read(text, Setting(652, "Government of Syria", "IS"))
    assert there.by is None
