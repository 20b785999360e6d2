"""What a part says of a class, by whom and against whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.technology.mentions.reading import (
    HEDGED,
    LEAST,
    LONGEST,
    NAMED,
    REFUSED,
    Setting,
    _mark,
    _meet,
    _tells_act,
    _weaken,
    _words_by_class,
    parts,
    read,
)

SYRIA = Setting(652, "Government of Syria", "IS")


@pytest.mark.parametrize(
    ("text", "technology", "said", "used"),
    [
        ("Northern Clash and IED Events Dataset", "improvised-explosives", "title", False),
        # A year and a version at its end make the name of a file; a year alone does not.
        ("North: IED and Shelling Events 2021, v3", "improvised-explosives", "title", False),
        ("IED blast kills 3 in 2021 vs 5 in 2020", "improvised-explosives", "attack", True),
        ("Drone footage of the battle", "uncrewed-aircraft", "footage", False),
        ("The army shot down a drone", "uncrewed-aircraft", "lost", False),
        ("Army seizes rockets in a raid", "guided-or-indirect-fire", "seized", False),
        ("The group denied that it had used drones", "uncrewed-aircraft", "denied", False),
        # What only a context of the lexicon tells.
        ("Simulacro de ciberataque en la red eléctrica", "cyber", "exercise", False),
        ("Farmers use drones for crops", "uncrewed-aircraft", "talk", False),
        ("Rebels threaten to use drones", "uncrewed-aircraft", "threat", False),
        ("UN condemns the use of landmines", "improvised-explosives", "talk", False),
        ("Reconnaissance drones over the town", "uncrewed-aircraft", "watch", True),
        ("Gold mine attacked", "improvised-explosives", "figure", False),
        ("Gold-mine killings linked to militia", "improvised-explosives", "figure", False),
        ("Two killed in bombing raids", "improvised-explosives", "attack", False),
        ("Heavy bombing in the hills", "improvised-explosives", "attack", False),
        ("Breach of a truce by bombing hill villages", "improvised-explosives", "attack", False),
        (
            "Ten killed by a suicide bombing in a hill village",
            "improvised-explosives",
            "attack",
            True,
        ),
        ("Army says it is just propaganda", "information-operations", "talk", False),
        ("Clashes over a mine in the hills", "improvised-explosives", "figure", False),
        ("Armed men kill ten at the mine", "improvised-explosives", "figure", False),
        ("A mine kills two soldiers", "improvised-explosives", "attack", True),
        ("Two soldiers killed by a mine", "improvised-explosives", "attack", True),
        ("Army defuses mines", "improvised-explosives", "seized", False),
        # What people only tell each other names no user, and is no use.
        ("Rumours of rebel drones empty the market", "uncrewed-aircraft", "talk", False),
        ("Rumeurs de drones des rebelles au marché", "uncrewed-aircraft", "talk", False),
        ("Rumores sobre drones de la guerrilla", "uncrewed-aircraft", "talk", False),
        ("شائعات عن طائرات مسيرة للمتمردين", "uncrewed-aircraft", "talk", False),
        ("Rumours spread after a drone strike kills two", "uncrewed-aircraft", "attack", True),
        ("Rebel drone turns out to be a kite", "uncrewed-aircraft", "denied", False),
        ("Drone turns out to be armed, kills two", "uncrewed-aircraft", "attack", True),
        ("Police search for rebel drones finds none", "uncrewed-aircraft", "denied", False),
        ("Toy drone alarms the base", "uncrewed-aircraft", "figure", False),
        ("Army to buy drones from abroad", "uncrewed-aircraft", "talk", False),
        ("Ministry signs contract for new mortars", "guided-or-indirect-fire", "talk", False),
        ("Contrat pour vingt mortiers signé", "guided-or-indirect-fire", "talk", False),
        ("Firman contrato de morteros", "guided-or-indirect-fire", "talk", False),
        ("صفقة طائرات مسيرة", "uncrewed-aircraft", "talk", False),
        ("Rebels vow rocket attacks on the port", "guided-or-indirect-fire", "threat", False),
        ("Army vows revenge after rocket attack", "guided-or-indirect-fire", "attack", True),
        ("Second World War mine kills two divers", "improvised-explosives", "remnant", False),
        # Press reviews, opinion and the names of archives are titles.
        ('BBC Monitoring: "Hill papers on drones and mines"', "uncrewed-aircraft", "title", False),
        ('BBC Monitoring "Radio says army drone hit bus', "uncrewed-aircraft", "attack", True),
        ("Opinion: Why drones will not win", "uncrewed-aircraft", "title", False),
        ("What we know: drones and the hill war", "uncrewed-aircraft", "title", False),
        ("Hill Archive: IED Attacks 2019-2022, release 4", "improvised-explosives", "title", False),
        ("Timeline of rebel bomb attacks", "improvised-explosives", "title", False),
        ("Police radio hacked, say officials", "cyber", "attack", True),
        # Where nothing is done with them, aircraft are only talked of.
        ("Unconfirmed reports of rebel drones spread panic", "uncrewed-aircraft", "talk", False),
        ("Group boasts it will soon have drones", "uncrewed-aircraft", "talk", False),
        ("Army says drone claims by rebels are fantasy", "uncrewed-aircraft", "talk", False),
        ("Were those drones? Two killed in a raid", "uncrewed-aircraft", "talk", False),
        ("Officials play down talk of rebel drones", "uncrewed-aircraft", "talk", False),
        ("Army downs a rebel drone", "uncrewed-aircraft", "lost", False),
        ("Resistance drones devastate an outpost", "uncrewed-aircraft", "attack", True),
        ("Un drone piégé vise une caserne", "uncrewed-aircraft", "attack", True),
        ("هجوم بطائرة مسيرة على ثكنة", "uncrewed-aircraft", "attack", True),
        ("حرس يستهدف زورقا بطائرة مسيرة", "uncrewed-aircraft", "attack", True),
        ("Drone kamikaze contre une vedette", "uncrewed-aircraft", "attack", True),
        # What another clause tells is no rumour, plan or toy.
        ("Rumours of attack confirmed as drone kills two", "uncrewed-aircraft", "attack", True),
        ("Rumors of a truce as rebels fire rockets", "guided-or-indirect-fire", "attack", True),
        ("Wedding drone strike kills twelve", "uncrewed-aircraft", "attack", True),
        ("Search for dead after drone strike finds none", "uncrewed-aircraft", "attack", True),
        ("World War Two veteran killed by landmine", "improvised-explosives", "attack", True),
        ("Army vows to win after mine kills ten", "improvised-explosives", "attack", True),
        ("Army jets bomb hill villages", "improvised-explosives", "attack", False),
        ("Army bomb squad is hit by a bomb blast", "improvised-explosives", "attack", True),
        ("Bomb dropped on the market", "improvised-explosives", "attack", False),
        ("Shell blast kills two", "improvised-explosives", "attack", False),
        ("Violence explodes in the hills", "improvised-explosives", "figure", False),
        ("Landmines remain a threat to farmers", "improvised-explosives", "talk", False),
        ("Landmine kills a farmer who returned", "improvised-explosives", "attack", True),
        ("Team destroys 12 landmines", "improvised-explosives", "seized", False),
        ("Peacekeeper killed in car attack", "improvised-explosives", "attack", True),
        ("drone drone drone drone", "uncrewed-aircraft", "title", False),
        ("Barrel bombs on the town", "improvised-explosives", "attack", False),
        ("Car bomb kills four", "improvised-explosives", "attack", True),
        ("Pipeline bombed by guerrillas", "improvised-explosives", "attack", True),
        ("Drones drop bombs on the post", "improvised-explosives", "attack", False),
        ("Mine and drone attacks on a convoy", "improvised-explosives", "attack", True),
        ("Roadside bomb hits coalition convoy", "improvised-explosives", "attack", True),
        ("Controlled explosion of old stocks", "improvised-explosives", "figure", False),
        ("Mines left from the old war are cleared", "improvised-explosives", "remnant", False),
        ("Herdsmen hack farmers", "cyber", "figure", False),
        ("Ministry website hacked", "cyber", "attack", True),
        ("Anti-drone nets over the road", "uncrewed-aircraft", "figure", False),
        ("Drone crashes into the base", "uncrewed-aircraft", "attack", True),
        ("Army shells positions of rebels", "guided-or-indirect-fire", "attack", True),
        ("Fake news fuels killings", "information-operations", "talk", False),
        ("Drone hits a military parade", "uncrewed-aircraft", "attack", True),
        ("Drone fires a missile at the post", "guided-or-indirect-fire", "attack", False),
        ("Drone and rocket attacks on the post", "guided-or-indirect-fire", "attack", True),
        ("Unexploded mortar shell wounds a boy", "guided-or-indirect-fire", "remnant", False),
        ("Experts: drones struck the camp", "uncrewed-aircraft", "attack", True),
        ("Aerial bombardment of the town", "guided-or-indirect-fire", "attack", False),
        ("Un drone abattu au nord", "uncrewed-aircraft", "lost", False),
        ("La armada derriba un dron", "uncrewed-aircraft", "lost", False),
        ("إسقاط طائرة مسيرة", "uncrewed-aircraft", "lost", False),
        ("Bus bombing kills five", "improvised-explosives", "attack", True),
        ("Army continues to bomb hill villages", "improvised-explosives", "attack", False),
        ("Blast of an air strike kills two", "improvised-explosives", "attack", False),
        ("Landmine use must be stopped", "improvised-explosives", "talk", False),
        ("Bomb squad defuses a device", "improvised-explosives", "seized", False),
        ("Suicide drones hit the camp", "improvised-explosives", "attack", False),
        ("Phone lines remain cut in the hills", "cyber", "attack", True),
        ("Helicopters drop leaflets on the town", "information-operations", "influence", True),
    ],
)
def test_what_is_said(text: str, technology: str, said: str, used: bool) -> None:
    (one,) = [one for one in read(text, SYRIA) if one.technology == technology]
    assert one.said == said
    assert (one.use >= 0.5) == used


def test_each_part_is_judged_alone() -> None:
    text = "Drone footage of a market; car bomb kills four | the army shot down a drone"
    found = [(one.part, one.technology, one.said) for one in read(text, SYRIA)]
    assert found == [
        (0, "uncrewed-aircraft", "footage"),
        (1, "improvised-explosives", "attack"),
        (2, "uncrewed-aircraft", "lost"),
    ]


@pytest.mark.slow
def test_an_honest_nothing() -> None:
    assert read("") == []
    assert read(" ; | ;") == []
    assert read("file_2018_03.csv") == []
    assert read("Villagers hacked to death") == []
    assert read("Peacekeeper killed in CAR attack") == []
    (one,) = read("x" * 9000 + "; drone attack" + " y" * 5000)
    assert one.by is None
    assert one.part == 1
    assert one.end < 9000 + LONGEST
    assert len(read("drones " * 300 + "seen")) == 1


@given(st.text(max_size=80), st.sampled_from(["drone", "car bomb", "obús", "ICBM", "leaflets"]))
def test_places_hold_in_any_text(around: str, word: str) -> None:
    text = f"{around} {word} {around}"
    for one in read(text, SYRIA):
        start, end = parts(text)[one.part]
        assert start <= one.start < one.end <= end
        assert 0 <= one.use <= one.is_class <= 1
        assert all(start <= first <= last <= end for first, last in one.spans)


@pytest.mark.parametrize(
    ("text", "by", "against"),
    [
        ("IS shoots a drone down and shelling by Hill Group goes on", None, "IS"),
        ("Hill Group foiled an attack. They shot down three drones", None, "Hill Group"),
        # What was shot down, or seized, by who repelled an attack was hardly anybody's but the
        # attacker's.
        ("Hill Group foiled an IS attack. They shot down three drones", "IS", "Hill Group"),
        ("Hill Group repels an attack by IS and seizes two drones", "IS", "Hill Group"),
        ("Hill Group repousse une attaque de IS et saisit deux drones", "IS", "Hill Group"),
        ("Hill Group rechaza un ataque de IS y derriba un dron", "IS", "Hill Group"),
        ("IS and Hill Group foiled a plot. Hill Group shot down a drone", None, "Hill Group"),
        # With 'and', a name and a verb another clause begins, which is not of the drone.
        ("Drone downed over the city and IS carries out an attack", None, None),
        ("Drones strike the city and the IS fighters attacked Hill Group", None, None),
        ("Drone downed over the city and IS posts", None, "IS"),
        ("Hill Group areas see a suicide attack", None, None),
        ("Hill Group arrest three persons who were planting IEDs", None, None),
        ("The battle launched by Hill Group and the heavily planted mines go on", None, None),
    ],
)
def test_whose_words_they_are(text: str, by: str | None, against: str | None) -> None:
    told = [
        one
        for one in read(text, Setting(652, "Hill Group", "IS"))
        if one.technology != "guided-or-indirect-fire"
    ]
    [one] = told
    assert (one.by.name if one.by else None) == by
    assert (one.against.name if one.against else None) == against


@pytest.mark.parametrize(
    ("text", "is_class"),
    [
        ("Syria bombs the Hill Front", False),
        ("The Syrian army bombed two villages", False),
        ("Government resumes bomb attacks", False),
        ("Army bomb squad defuses a bomb", True),
        ("Car bomb planted by the government", True),
        ("Hill Front bombs a post", True),
        ("Aircraft bomb a southern town, hospital bombed", False),
        ("A new political bomb in the capital", False),
        ("Some see a time bomb ticking in the camps", False),
        ("Booby-trapped documents sent to a ministry", False),
        ("Two killed in explosive weapons attack", False),
    ],
)
def test_what_a_state_bombs_it_bombs_from_the_air(text: str, is_class: bool) -> None:
    said = read(text, Setting(652, "Government of Syria", "Hill Front"))
    told = [one.is_class for one in said if one.technology == "improvised-explosives"]
    assert [one >= 0.5 for one in told] == [is_class]


def test_what_goes_off_by_accident_is_there_and_is_no_use() -> None:
    for text in ("Five militia men killed in accidental mine explosion",
                 "Rebels killed by their own explosives"):  # fmt: skip
        [one] = read(text, Setting(652, "Government of Syria", "Hill Front"))
        assert (one.said, one.use < 0.5, one.is_class >= 0.5) == ("lost", True, True)
    [one] = read(
        "Rebels killed by their own mine", Setting(652, "Government of Syria", "Hill Front")
    )
    assert one.by is not None
    assert one.by.kind == "described"


def test_an_arabic_front_that_no_list_knows_is_an_armed_party() -> None:
    (mine,) = read("مقتل ثلاثة جنود بانفجار لغم زرعته جبهة تحرير كارينيج")
    assert mine.by is not None
    assert mine.by.kind == "described"


def test_what_was_seized_on_its_way_to_somebody_was_that_party_s() -> None:
    (parts_,) = read("Customs seize drone parts bound for rebels in the hills")
    assert (parts_.said, parts_.by and parts_.by.kind) == ("seized", "described")


@pytest.mark.parametrize(
    "text",
    [
        "Driver hacked by mob",
        "Herders hacked by raiders",
        "Soldiers hacked to death at radio station",
        "Hackean a machetazos a un guardia",
    ],
)
def test_butchery_is_not_cyber(text: str) -> None:
    assert [one for one in read(text) if one.technology == "cyber"] == []


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Power firm says outage was storm and not cyberattack", True),
        ("Airport closed by fog, not drone, says minister", True),
        ("Fire due to cable rather than a bomb", True),
        ("L'explosion est due au gaz et non à une bombe", True),
        ("El apagón fue por tormenta, no por un ciberataque", True),
        ("Police rule out bomb in market blaze", True),
        ("انقطاع الكهرباء بسبب عاصفة وليس هجوما سيبرانيا", True),
        ("Not only drones hit the post", False),
        ("Hill Front drone hits post, army does not respond", False),
        ("Soldiers not hurt as mortar shell lands in base", False),
    ],
)
def test_what_is_said_not_to_have_been_the_class_is_denied(text: str, denied: bool) -> None:
    assert [one.said == "denied" for one in read(text)][:1] == [denied]


def test_a_platform_that_is_blocked_is_no_network_that_is_closed() -> None:
    assert not read("Authorities block Facebook and WhatsApp in the hills")
    assert [one.technology for one in read("Government blocks internet")] == ["cyber"]


@pytest.mark.parametrize(
    ("text", "technology", "use"),
    [
        ("Muere un soldado por una mina en el sur", "improvised-explosives", True),
        ("Mueren dos mineros en una mina de oro", "improvised-explosives", False),
        ("Roadside attack kills sergeant", "improvised-explosives", True),
        ("Blast in shop was a gas leak, police say", "improvised-explosives", False),
        ("طائرة مسيرة تابعة للمتمردين تلقي قنبلة على دورية", "uncrewed-aircraft", True),
        ("Drone race draws crowds to capital", "uncrewed-aircraft", False),
        (
            "Rebels spread doctored video of minister, fact-checkers say",
            "information-operations",
            True,
        ),
        ("Rebels post fake army orders before vote", "information-operations", True),
        ('Minister calls radio of rebels "pure propaganda"', "information-operations", False),
        ("Missile test by Pyongyang condemned", "guided-or-indirect-fire", False),
        ("Missile test kills two at base", "guided-or-indirect-fire", True),
        ("Explosive growth of gold mining fuels clashes", "improvised-explosives", False),
        ("Situation explosive dans le nord", "improvised-explosives", False),
        ("Explosive charge kills two in the north", "improvised-explosives", True),
        ("Policeman killed; banks told to guard against cyberattacks", "cyber", False),
        ("Network down after bank could not defend against cyberattack", "cyber", True),
        ("Rebels air staged confessions of officers", "information-operations", True),
    ],
)
def test_everyday_forms_of_newsrooms(text: str, technology: str, use: bool) -> None:
    found = [one.use >= 0.5 for one in read(text) if one.technology == technology]
    assert any(found) == use


def test_words_of_a_class_are_a_sign_and_every_letter_keeps_its_place() -> None:
    folded = "a uav and drones over it"
    marked = _mark(folded, [(2, 5), (10, 16)])
    assert marked.text == "a § and § over it"
    assert [marked.back(at) for at in range(17)] == [0, 1, 2, 5, 6, 7, 8, 9, 10, *range(16, 24)]
    for at, letter in enumerate(marked.text):
        assert letter in ("§", folded[marked.back(at)])
    assert _mark("quiet", []).text == "quiet"


@pytest.mark.parametrize(
    ("one", "other", "met"),
    [
        ((0, 3), (3, 5), False),
        ((0, 4), (3, 5), True),
        ((2, 3), (0, 9), True),
        ((5, 6), (0, 5), False),
    ],
)
def test_places_meet_where_they_share_a_letter(
    one: tuple[int, int], other: tuple[int, int], met: bool
) -> None:
    assert _meet(one, other) == _meet(other, one) == met


def test_the_surest_words_hold_a_place_and_bombs_are_surer_where_no_state_fights() -> None:
    folded = "car bomb and bombs"
    for facing, probability in ((True, 0.4), (False, 0.6)):
        (found,) = _words_by_class(folded, facing_a_state=facing).values()
        assert found.spans == [(0, 8), (13, 18)]
        car, bombs = (found.entries[span] for span in found.spans)
        assert (car.probability, car.flown) == (0.95, False)
        assert (bombs.probability, bombs.alone, bombs.flown) == (probability, 0.6, True)
        assert found.best_of(found.spans).probability == 0.95
        assert not found.best_of(found.spans).flown
        assert found.best_of([(13, 18)]).flown
    assert _words_by_class("nothing of it", facing_a_state=True) == {}


@pytest.mark.parametrize(
    ("use", "text", "weaker"),
    [
        (0.95, "rebels allegedly used a §", 0.95 * HEDGED), (0.55, "allegedly used a §", LEAST),
        (0.3, "allegedly used a §", 0.3), (0.95, "rebels used a §", 0.95),
    ],
)  # fmt: skip
def test_what_is_only_held_to_have_been_counts_less_but_makes_a_tag_still(
    use: float, text: str, weaker: float
) -> None:
    assert _weaken(use, text) == pytest.approx(weaker)


@pytest.mark.parametrize(
    ("folded", "word", "told"),
    [
        ("drones hit town", "drones", True), ("drones over town. two killed", "drones", False),
        ("two killed. drones over town", "drones", False), ("drones seen", "drones", False),
        ("drones over town as two are killed", "drones", False),
        ("talks go on. town hit by drones", "drones", True),
    ],
)  # fmt: skip
def test_an_act_is_told_in_the_clause_of_the_class(folded: str, word: str, told: bool) -> None:
    start = folded.index(word)
    assert _tells_act(folded, [(start, start + len(word))]) == told


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a;b", ["a", "b"]), (" a ; b ", ["a", "b"]), (";;a|", ["a"]), ("a؛ b", ["a", "b"]),
        ("", []), ("a", ["a"]), (" ; ", []),
    ],
)  # fmt: skip
def test_parts_are_what_stands_between_signs(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in parts(text)] == found


def test_a_use_is_as_probable_as_the_words_and_what_is_said_of_them() -> None:
    (told,) = read("Drone hits base", SYRIA)
    assert told.use == pytest.approx(NAMED * told.is_class)
    assert (told.start, told.end, told.spans) == (0, 5, ((0, 5),))
    (quiet,) = read("Drones seen", SYRIA)
    assert (quiet.said, quiet.use) == ("talk", pytest.approx(0.2 * quiet.is_class))
    (refused,) = read("Gold mine attacked", SYRIA)
    assert (refused.is_class, refused.use) == (REFUSED, 0.0)
    (crops,) = read("Farmers use drones for crops", SYRIA)
    assert (crops.rule, crops.use) == ("uav-en, context civil use", pytest.approx(0.04 * 0.95))


def test_what_organisations_bomb_they_bomb_with_a_device() -> None:
    """A state may have done it from the air, so that the same words are less surely of a device."""
    where = Setting(652, "Government of Syria", "Hill Front")
    own, nobody, state = (
        read(text, where)[0].is_class
        for text in ("Pipeline bombed by rebels", "Pipeline bombed", "Army bombs a pipeline")
    )
    assert (own, nobody, state) == (0.6, 0.4, REFUSED)
    assert read("Army bombs a pipeline", where)[0].use == 0


def test_a_claim_in_the_next_part_is_of_the_part_before_it() -> None:
    where = Setting(652, "Government of Syria", "Hill Front")
    text = "Drone hits base; Hill Front claims responsibility"
    (one,) = read(text, where)
    assert one.by is not None
    assert (one.by.name, text[one.by.start : one.by.end]) == ("Hill Front", "Hill Front")
    assert (one.part, one.spans) == (0, ((0, 5), (17, 27)))
    other = read("Drone hits base; Hill Front claims a hill", where)[0]
    assert other.by is None
    later = read("Clash | Drone hits base; Hill Front claims responsibility | rain", where)
    assert [(one.part, one.start, one.by is not None) for one in later] == [(1, 8, True)]


def test_a_statement_stands_at_the_first_words_of_its_class() -> None:
    text = "Hill Front drones attack the town, and more drones are seen"
    [told] = read(text)
    assert text[told.start : told.end] == "drones"
    assert told.start == text.index("drones")


def test_of_a_long_part_only_its_beginning_is_read() -> None:
    for before, many in ((LONGEST - 10, 1), (LONGEST - 9, 0)):
        assert len(read("x" * (before - 1) + " quadcopter")) == many


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("The army shot down a drone", ["army", "shot down", "drone"]),
        ("Drônes of IS attaquent la base", ["Drônes", "IS"]),
        ("Clash | the army shot down a drone", ["army", "shot down", "drone"]),
    ],
)
def test_a_statement_rests_on_the_words_of_its_rule_and_its_parties(
    text: str, pieces: list[str]
) -> None:
    (one,) = read(text, SYRIA)
    assert [text[start:end] for start, end in one.spans] == pieces
    assert one.rule.count(", ") == 1


def test_a_digest_is_told_and_every_class_of_a_part_stands_by_itself() -> None:
    (many,) = read("40 people killed yesterday in shelling", SYRIA)
    (one,) = read("Drone hits base", SYRIA)
    assert (many.digest, one.digest) == (True, False)
    both = read("Drone hits base, car bomb kills four", SYRIA)
    assert {one.technology for one in both} == {"uncrewed-aircraft", "improvised-explosives"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Farmers monitor crops with drones", "talk"),
        ("Les agriculteurs surveillent leurs champs avec des drones", "talk"),
        ("Army monitors farmers' march with drones", "watch"),
    ],
)
def test_who_watches_a_field_and_is_no_party_is_a_farmer(text: str, said: str) -> None:
    assert [one.said for one in read(text, SYRIA)] == [said]


@pytest.mark.parametrize(
    "text",
    [
        "Hill Front executes two at the bombing site",
        "Two hanged at scene of the bombing",
        "Deux hommes pendus sur les lieux de l'attentat",
        "Dos detenidos en el lugar del atentado",
    ],
)
def test_what_is_done_at_the_place_of_a_bombing_is_none(text: str) -> None:
    assert all(one.use < 0.1 for one in read(text, SYRIA))


@pytest.mark.parametrize(
    ("text", "use"),
    [
        # Sport, trade and films.
        ("Explosive second half sends Hill Town past Sea Town", False),
        ("Match explosif en ville, deux rebelles tués", False),
        ("Estreno explosivo en la cartelera", False),
        ("Film festival opens with war epic 'Minefield'", False),
        ("Explosive kills two soldiers", True),
        # What may come, and what was.
        ("Rebels could turn to car bombs, analysts warn", False),
        ("L'armée redoute l'usage de voitures piégées", False),
        ("تحذير من هجمات محتملة بعبوات ناسفة", False),
        ("Rebels turn to car bombs: two dead", True),
        ("One year after rocket attack on market, survivors wait", False),
        ("Ten years on, town remembers car bomb", False),
        ("Se cumplen cinco años del coche bomba", False),
        ("Anniversary of car bomb marked in town", False),
        ("A year after the truce, rockets kill four", True),
        ("Car bomb hits parade on anniversary of the revolt", True),
        ("Rockets hit ceremony in memorial park", True),
        # A picture of somebody with a weapon, and one of its use.
        ("Video shows fighters loading mortar", False),
        ("Video shows mortar hitting school", True),
    ],
)
def test_what_is_no_report_of_today_is_no_use(text: str, use: bool) -> None:
    assert any(one.use >= 0.5 for one in read(text, SYRIA)) == use


@pytest.mark.parametrize(
    ("text", "technology"),
    [
        ("Two soldiers die as buried charge rips through lorry", "improvised-explosives"),
        ("Culvert bomb kills constable", "improvised-explosives"),
        ("Three rebels die in counter-battery fire", "guided-or-indirect-fire"),
        ("Army shuts data service across the hills", "cyber"),
        ("Cortan la red móvil en toda la provincia", "cyber"),
        ("Ministry payroll wiped", "cyber"),
        ("اختراق بريد وزارة الدفاع", "cyber"),
        ("Fake evacuation texts sent to residents", "information-operations"),
        ("Troll farm run from barracks", "information-operations"),
        ("Le conseil a diffusé de faux résultats", "information-operations"),
    ],
)
def test_other_words_of_the_trade(text: str, technology: str) -> None:
    (one,) = read(text, SYRIA)
    assert one.technology == technology
    assert one.use >= 0.5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hill Front forces attack army artillery unit", "target"),
        ("Army denies news of Hill Front occupying artillery hill post", "denied"),
        ("Hill Front occupies artillery strategic hill", "target"),
        ("Army artillery unit shells village", "attack"),
    ],
)
def test_guns_that_are_attacked_are_not_fired(text: str, said: str) -> None:
    assert [one.said for one in read(text, SYRIA)] == [said]


@pytest.mark.parametrize(
    ("text", "use"),
    [("Drone", True), ("UAV, drones", True), ("drone rumours", False), ("Drones and birds", False)],
)
def test_a_cell_that_names_nothing_but_the_class_tells_of_its_use(text: str, use: bool) -> None:
    (one,) = read(text, SYRIA)
    assert (one.use >= 0.5) == use


def test_who_denies_it_of_itself_is_named() -> None:
    setting = Setting(652, "Government of Syria", "Hill Front")
    for text, by in (
        ("Hill Front denies having drones", "organisation"),
        ("Hill Front dément détenir des drones", "organisation"),
        ("Hill Front denies that army drones hit it", "this-state"),
    ):
        (found,) = read(text, setting)
        assert (found.said, found.by and found.by.kind) == ("denied", by)


def test_a_thing_of_fire_with_which_nothing_is_done_is_talk() -> None:
    for text in ("Band Rocket plays the harbour", "Artillery Road residents protest"):
        assert [(one.said, one.use < 0.5) for one in read(text)] == [("talk", True)]
    for text in ("Rockets slam airbase", "mortar", "Artillery duel on the ridge"):
        assert [one.use > 0.5 for one in read(text)] == [True]


@pytest.mark.parametrize(
    ("text", "technology", "said"),
    [
        ("Captain of Hill FC unleashes rocket to sink rivals", "guided-or-indirect-fire", "figure"),
        ("El delantero lanza un misil y gana el torneo", "guided-or-indirect-fire", "figure"),
        ("Cohetes en la fiesta patronal", "guided-or-indirect-fire", "figure"),
        ("Roban bomba de agua de la escuela", "improvised-explosives", "figure"),
        ("Rocket on the launch pad waits for wind", "guided-or-indirect-fire", "figure"),
        ("Queen bee for lonely drones of the hive", "uncrewed-aircraft", "figure"),
        ("Les mines artisanales de diamant", "improvised-explosives", "figure"),
        ("Could rockets reach the port? Experts meet", "guided-or-indirect-fire", "talk"),
        ("Minister resigns over missile scandal", "guided-or-indirect-fire", "talk"),
        ("No shell fell on the clinic, army says", "guided-or-indirect-fire", "denied"),
        ("Old shell explodes in hayfield", "guided-or-indirect-fire", "remnant"),
        ("8-year-old girl killed by shell", "guided-or-indirect-fire", "attack"),
        ("Rebels hand in mortars at feast", "guided-or-indirect-fire", "seized"),
        ("Desactivan artefacto explosivo casero", "improvised-explosives", "seized"),
        ("Rapport: mines 2010-2020", "improvised-explosives", "title"),
        ("الوزارة تحذر من حملات تضليل قد ترافق الانتخابات", "information-operations", "threat"),
        ("مسيّرة استطلاع حلقت فوق المخيم", "uncrewed-aircraft", "watch"),
        ("Guards' drone films the camp from above, soldiers fire", "uncrewed-aircraft", "watch"),
        ("Fake message of surrender sent to phones", "information-operations", "influence"),
        ("Le site du ministère de la santé a été piraté", "cyber", "attack"),
        ("Govt snaps mobile internet in two districts", "cyber", "attack"),
    ],
)
def test_kinds_that_texts_of_many_sources_have(text: str, technology: str, said: str) -> None:
    (found,) = (one for one in read(text) if one.technology == technology)
    assert found.said == said
