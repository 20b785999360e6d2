"""Who is said to have used a class, and against whom."""

from __future__ import annotations

import re

import pytest

from tocsin.assess.technology.mentions.clauses import OTHERS_SAY, _unlisted, between
from tocsin.assess.technology.mentions.parties import Party, Setting
from tocsin.assess.technology.mentions.reading import HEDGED, LEAST, read

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
        ("The Army shells the town", "this-state", None),
        ("An Army drone hits the post", "this-state", None),
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
        ("Rebels - Shelling kills 12 in the valley", None, None),
        ("Hill Front: mortars hit the market", None, None),
        ("According to the Hill Front, shells hit the market", None, None),
        ("Selon le Hill Front, des obus sont tombés sur le marché", None, None),
        ("Army accuses Hill Front of firing rockets", "Hill Front", None),
        ("L'armée accuse le Hill Front d'avoir tiré des roquettes", "Hill Front", None),
        ("El Ejército acusa al Hill Front de lanzar cohetes", "Hill Front", None),
        ("الجيش يتهم Hill Front بإطلاق صواريخ", "Hill Front", None),
        ("Roquettes sur la base, le Hill Front mis en cause", "Hill Front", None),
        ("Car bomb kills five, blamed on suspected Hill Front men", "Hill Front", None),
        ("Rocket attack claimed by Yemen's Hill Front kills two", "Hill Front", None),
        ("Attentat à la bombe revendiqué par le Hill Front", "Hill Front", None),
        ("Atentado con bomba reivindicado por el Hill Front", "Hill Front", None),
        ("تفجير عبوة ناسفة تبناه Hill Front", "Hill Front", None),
        ("Rockets fired on the base; Hill Front says it did it", "Hill Front", None),
        ("Hill Front denies role in car bomb that killed five", None, None),
        ("Rebels who seized the hill fired mortars at the post", "described", None),
        ("Hill Front, an armed group of the north, shelled the post", "Hill Front", None),
        ("Fighters of the Hill Front fired mortars at the post", "Hill Front", None),
        ("Guerrilleros del Hill Front lanzaron cohetes", "Hill Front", None),
        ("Hill Front-laid mine kills three soldiers", "Hill Front", "this-state"),
        ("Israeli-fired missile hits the village", "Israel", None),
        ("Israeli-made missile hits the village", None, None),
        ("Mortars and drones were fired late on Tuesday by the Hill Front", "Hill Front", None),
        ("Bomb planted by suspected Islamist Hill Front members", "Hill Front", None),
        (
            "Le poste visé par des roquettes tirées par des miliciens du Hill Front",
            "Hill Front",
            None,
        ),
        ("Tehran's drones hit the village", "Iran", None),
        ("Drones hit Tehran street", None, None),
        ("Car bomb claimed by the Brigades of Dawn kills two", "described", None),
        ("Car bomb launched by Reuters report kills two", None, None),
        ("Hill Front says it shot down an army drone", "this-state", None),
        ("قصف مدفعي لقوات النظام على البلدة", "this-state", None),
        ("Police station hit by mortar bombs", None, "this-state"),
        ("Syria shells the Hill Front", "this-state", "Hill Front"),
        ("Damascus shells the Hill Front", "this-state", "Hill Front"),
        ("Ethiopia shells the border town", "Ethiopia", None),
        ("Village hit by missiles fired by Iran", "Iran", None),
        ("Missiles from Iran hit the village", None, None),
        ("La Syrie pilonne le Hill Front", "this-state", "Hill Front"),
        ("Siria bombardea al Hill Front", "this-state", "Hill Front"),
        ("قصفت إيران القرية بالصواريخ", "Iran", None),
        ("طائرة مسيّرة تابعة للجيش تراقب الطريق", "this-state", None),
        ("Rebels slow the army's advance through the valley using mortars", "described", None),
        ("Hill Front ataca el cuartel con morteros", "Hill Front", None),
        ("Rockets on the town: the Hill Front fired from the hills", "Hill Front", None),
        ("Roquettes sur la ville : le Hill Front vise le marché", "Hill Front", None),
        ("Driver hurt by a mine that Hill Front men had laid", "Hill Front", None),
        ("A bus detonates a Hill Front mine", "Hill Front", None),
        ("Soldiers die in Hill Front booby trap", "Hill Front", None),
        ("Hill artillery shells the town", None, None),
        ("Rockets hit the base; Hill Front takes credit", "Hill Front", None),
        ("Atentado con bomba; lo reivindica el Hill Front", "Hill Front", None),
        ("Hill Front était l'auteur, un engin explosif tue deux soldats", "Hill Front", None),
        ("Five soldiers killed, 11 wounded, in mortar attack", None, "this-state"),
        ("Woman killed by a shell after an ambush on soldiers", None, None),
        ("Bomb blast and mortar fire by the Hill Front", "Hill Front", None),
        ("Rebels blow themselves up to avoid arrest by the army", "described", None),
        ("Suicide bombing by one of the Hill Front members", "Hill Front", None),
        ("Car bomb kills five, Hill Front admits", "Hill Front", None),
        ("Car bomb kills five, army admits", None, None),
        ("Roadside bomb wounds nine soldiers, rebels suspected", "described", None),
        ("Pro-Russian hackers deface sites", None, None),
        ("Shells fall from Hill Front lines", "Hill Front", None),
        ("Obus saisis chez des combattants du Hill Front", "Hill Front", None),
        ("Los mutins tirent au mortier sur la ville", "described", None),
    ],
)
def test_by_and_against(text: str, by: str | None, against: str | None) -> None:
    one = read(text, SYRIA)[0]
    assert named(one.by) == by
    if against is not None and "advance" not in text:
        assert named(one.against) == against


@pytest.mark.parametrize(
    "text",
    [
        "Villages shelled - Hill Front",
        "Two killed by a mine - Hill Front radio",
        "Rockets hit the base, says Hill Front",
        "Rockets hit the base, said a Hill Front spokesman",
        "Rockets hit the base, says spokesman of the Hill Front. Two die",
        "Des roquettes touchent la base, affirme le Hill Front",
        "Cohetes alcanzan la base, dice Hill Front",
        "صواريخ تصيب القاعدة، قال Hill Front",
    ],
)
def test_who_only_tells_at_the_end_is_not_struck(text: str) -> None:
    one = read(text, SYRIA)[0]
    assert one.by is None
    assert one.against is None


@pytest.mark.parametrize(
    ("text", "by", "against"),
    [
        # Whoever says that somebody fired is the one that tells, and not the other.
        ("Minister says Hill Front fired rockets", "Hill Front", None),
        ("Leader of Hill Front fires drones", "Hill Front", None),
        ("Fighters of the Hill Front used rockets against a post", "Hill Front", None),
        ("Leader of Hill Front killed by drones", None, "Hill Front"),
        ("Fighters of Hill Front targeted with rockets", None, "Hill Front"),
        # What ends a sentence ends what a party does in it.
        ("Hill Front fires. Army storms with drones", "this-state", None),
        ("Shelling by the Hill Front and army kills four", "Hill Front", None),
        ("Tirs de mortier par l'armée et le Hill Front", "this-state", None),
        ("Car bomb was planted not by Hill Front", None, None),
        ("Car bomb was planted not by army but by Hill Front", "Hill Front", None),
        ("Bombe posée non par le Hill Front", None, None),
        ("Bomba colocada no por Hill Front sino por otros", None, None),
        # Who is shot down by an aircraft did not shoot it down.
        (
            "Trois combattants du Hill Front abattus par un drone de l'armée",
            "this-state",
            "Hill Front",
        ),
        ("Dos del Hill Front abatidos por un dron", None, "Hill Front"),
        ("Incautan seis drones cargados al Hill Front", "Hill Front", None),
        ("Hackers linked to Hill Front deface ministry website", "Hill Front", None),
        ("Hack of ministry emails traced to Hill Front", "Hill Front", None),
        ("L'armée brouille et coupe l'internet mobile", "this-state", None),
        ("Army jams phones, shuts data service", "this-state", None),
        ("اختراق بريد وزارة الدفاع", None, "this-state"),
    ],
)
def test_who_acts_in_person_together_or_not_at_all(
    text: str, by: str | None, against: str | None
) -> None:
    one = read(text, SYRIA)[0]
    assert (named(one.by), named(one.against)) == (by, against)


@pytest.mark.parametrize(
    ("text", "by", "against"),
    [
        # Several means of one owner.
        ("Syrian army airstrikes, shelling kill five", "this-state", None),
        ("Rebel mine and drone attacks on army convoys", "described", "this-state"),
        # Who claims at the end of a text only tells, where words name another as the user.
        ("Boy killed in army shelling, Hill Front claims", "this-state", None),
        ("Three killed in rocket attack, Hill Front claims", "Hill Front", None),
        ("Hill Front claims army strike killed boy as rockets fell", "this-state", None),
        # Who was killed or caught at it had laid or fired it.
        (
            "Hill Front fighters killed after soldiers catch them planting explosives",
            "Hill Front",
            None,
        ),
        ("Two Hill Front men shot dead by soldiers while laying landmines", "Hill Front", None),
        ("Two Hill Front men killed while planting a mine", "Hill Front", None),
        ("Deux rebelles tués alors qu’ils posaient une mine", "described", None),
        ("Dos guerrilleros mueren cuando colocaban una mina", "described", None),
        ("Two Hill Front men killed. Army mine explodes", "this-state", None),
        ("Soldiers wounded while clearing a mine", None, None),
        # Who is hit by what another's words name.
        ("Twenty Hill Front fighters killed in Turkish drone strike", "Turkey", "Hill Front"),
        ("Police killed as Hill Front attacks post with rockets", "Hill Front", "this-state"),
        ("Soldiers killed in clashes and Turkish shelling goes on", "Turkey", None),
        ("Ethnic armed organisation fires rockets at the army", "described", "this-state"),
        ("Rebels shell oil capital", "described", None),
        ("Rebels fire rockets at oil company convoy", "described", None),
    ],
)
def test_owners_of_several_means_tellers_and_who_was_caught(
    text: str, by: str | None, against: str | None
) -> None:
    (found, *_) = read(text, SYRIA)
    assert (named(found.by), named(found.against)) == (by, against)


@pytest.mark.parametrize(
    ("text", "surely"),
    [
        ("Hill Front fires rockets", 1.0),
        ("Rocket attack claimed by the Hill Front", 1.0),
        ("Army accuses the Hill Front of firing rockets", OTHERS_SAY),
        ("Rockets fired by suspected Hill Front men", OTHERS_SAY),
        ("Rocket attack on the airport, Hill Front blamed", OTHERS_SAY),
    ],
)
def test_who_is_only_accused_is_less_surely_the_one(text: str, surely: float) -> None:
    by = read(text, SYRIA)[0].by
    assert by is not None
    assert by.name == "Hill Front"
    assert by.surely == surely


def test_a_claim_of_a_use_is_weaker_than_a_report() -> None:
    told, claimed = (
        read(text, SYRIA)[0].use
        for text in ("Les rebelles ont utilisé un drone", "Les rebelles auraient utilisé un drone")
    )
    assert claimed == pytest.approx(HEDGED * told)
    assert claimed >= 0.5
    # What hardly makes a tag still makes one, and what makes none is not lifted.
    weak, none = (
        read(text, SYRIA)[0].use
        for text in ("Rebels claim bombing an airport", "Rebels claim to have defused a bomb")
    )
    assert weak == LEAST
    assert none < LEAST


def test_a_name_that_no_list_knows_is_marked_so() -> None:
    by = read("Car bomb claimed by the Brigades of Dawn kills two", SYRIA)[0].by
    assert by is not None
    assert not by.listed


KINDS = {"Alpha": "organisation", "Bravo": "organisation", "Army": "this-state",
         "Rebels": "described", "Turkey": "other-state"}  # fmt: skip
CLASS = "[dD]rones?|mines?|shells|shelled|bombed|bombing|mortars?|bombs?|rockets?"


def told(text: str, *, holds: bool = False) -> tuple[str | None, str | None]:
    """Who used a class and against whom, by the places of names and words alone."""
    words = [found.span() for found in re.finditer(CLASS, text)]
    parties = [
        Party(
            kind := KINDS[found[0]],
            found[0] if kind in ("organisation", "other-state") else None,
            640 if kind == "other-state" else None,
            *found.span(),
        )
        for found in re.finditer("|".join(KINDS), text)
    ]
    by, against = between(text, words, parties, holds=holds)
    return named(by), named(against)


@pytest.mark.parametrize(
    ("text", "by", "against"),
    [
        # Who stands before the words and acts, or after them and is acted upon.
        ("Alpha fires drones at Bravo", "Alpha", "Bravo"),
        ("Alpha shelled Bravo", "Alpha", "Bravo"),
        ("Alpha drones hit Bravo", "Alpha", "Bravo"),
        ("Alphadrones hit the town", "Alpha", None),
        ("drones by Alpha hit Bravo", "Alpha", "Bravo"),
        ("drones hit Alpha", None, "Alpha"),
        ("drones hit the base of Alpha and Bravo", None, "Alpha"),
        ("Alpha fires at Bravo. drones hit a road", None, None),
        ("drones hit a road. Alpha storms the post", None, None),
        ("drones hit a road after Alpha stormed the post", None, None),
        # A verb without an object is suffered.
        ("Alpha bombed in the hills", None, "Alpha"),
        ("Alpha bombed by Bravo", "Bravo", "Alpha"),
        ("Army shelled", None, "this-state"),
        # Who attacks another with the class, and whom its own class kills.
        ("Alpha attacks Bravo using drones", "Alpha", None),
        ("Alpha struck by Bravo using drones", "Bravo", "Alpha"),
        ("Alpha killed by their own mines", "Alpha", "Alpha"),
        ("Alpha and Bravo killed by their own mines", "Bravo", "Bravo"),
        # A name right before later words of the class; before the first it is no later one.
        ("bomb kills two as Alpha mine goes off", "Alpha", None),
        ("Drones and mines by Alpha", "Alpha", None),
        ("drones and gunfire by Alpha", "Alpha", None),
        # Who is said to fire behind the words.
        ("drones - Alpha fired two", "Alpha", None),
        ("drones hit town: Alpha fired", "Alpha", None),
        ("drones that Alpha had launched", "Alpha", None),
        ("drones near Alpha that fired", None, "Alpha"),
        # The organisation beside its description.
        ("Rebels of Alpha fire drones", "Alpha", None),
        ("Rebels, Alpha, fire drones", "Alpha", None),
        # An organisation has its own name, whoever stands beside it.
        ("Alpha, the Bravo fires drones", "Bravo", None),
        ("Rebels fire drones at Alpha", "described", "Alpha"),
        ("Alpha is struck as Rebels fire drones", "described", "Alpha"),
        ("Alpha, the Rebels, fire drones", "Alpha", None),
        # The last of those that claim it.
        ("Alpha claims responsibility for drones, Bravo takes credit", "Bravo", None),
        # Who only tells of it.
        ("Alpha says drones hit Bravo", None, "Bravo"),
        ("Alpha: drones hit town", None, None),
        ("Town - Alpha: drones hit town", None, None),
        ("Two men dead in town on Monday - Alpha: drones", None, None),
        ("drones hit town: Alpha", None, None),
        ("The Alpha - drones hit town", None, None),
        ("In the hills: Alpha drones hit town", "Alpha", None),
        ("In town Alpha - drones hit town", "Alpha", None),
        ("drones hit town - Alpha radio", None, None),
        ("according to Alpha drones hit Bravo", None, "Bravo"),
        # What is held by somebody, and what is of somebody.
        ("drones held by Alpha", None, "Alpha"),
        ("bombing of Alpha", None, "Alpha"),
        ("Drones of Alpha strike", "Alpha", None),
        # A nationality stands on either side of the class, but not behind a verb.
        ("Turkey drones hit", "Turkey", None),
        ("drones Turkey hit", "Turkey", None),
        ("shells Turkey posts", None, "Turkey"),
        ("drones Alpha hit", None, "Alpha"),
        ("dronesTurkey hit", "Turkey", None),
        ("dronesAlpha hit the town", None, "Alpha"),
        # What somebody suffers.
        ("Alpha commander killed by drones", None, "Alpha"),
        ("members of Alpha killed by drones", None, "Alpha"),
        ("headquarters of Alpha drones", None, "Alpha"),
        ("Alpha drones headquarters", "Alpha", None),
        ("Alpha website hit by drones", None, "Alpha"),
        ("Alpha killed by drones", None, "Alpha"),
        ("Rebels trigger mines", "described", None),
        ("Army trigger mines", None, "this-state"),
        # Others than the party act, or something else goes on.
        ("Alpha who fired drones", "Alpha", None),
        ("Army who fired drones", None, None),
        ("Alpha areas see drones", None, None),
        ("Alpha kill men with drones", "Alpha", None),
        ("Alpha kill a man and drones fall", None, None),
        ("Alpha storms the post and drones explode", None, None),
        ("Alpha fires guns and drones", "Alpha", None),
        ("Alpha hit the post, drones fall", None, None),
        (f"Alpha held the town for {'long ' * 8}and then fires drones", "Alpha", None),
        (f"Alpha held the town for {'long ' * 9}and then fires drones", None, None),
    ],
)
def test_whose_it_was_by_where_names_stand(text: str, by: str | None, against: str | None) -> None:
    assert told(text) == (by, against)


def test_a_name_that_meets_a_known_one_or_the_class_is_no_name_of_its_own() -> None:
    text = "mine planted by Dawn Brigade"
    at = (text.index("Dawn"), len(text))
    for start, end, met in (
        (*at, True), (at[0] + 5, at[1], True), (at[0] - 3, at[0] + 1, True),
        (at[0] - 3, at[0], False), (5, 12, False), (at[1], at[1] + 9, False),
    ):  # fmt: skip
        party = Party("organisation", "Dawn", None, start, end)
        assert (_unlisted(text, [(0, 4)], [party]) is None) == met
    assert _unlisted(text, [(at[0], at[0] + 4)], []) is None
    # The class's words stand before who used it.
    assert _unlisted(text, [(0, 4), (at[1], at[1] + 4)], []) is None


@pytest.mark.parametrize(
    ("text", "word", "party", "own"),
    [
        # A state may stand at the head of the class's words, in Arabic anywhere in them.
        ("Turkey drone hits", (0, 12), ("other-state", 640, 0, 6), True),
        ("big Turkey drone hits", (0, 16), ("other-state", 640, 4, 10), False),
        ("Alphan drone hits", (0, 12), ("organisation", None, 0, 6), False),
        ("طائرة روسيا المسيرة", (0, 19), ("other-state", 365, 6, 11), True),
    ],
)
def test_a_party_may_stand_within_the_words_of_the_class(
    text: str, word: tuple[int, int], party: tuple[str, int | None, int, int], own: bool
) -> None:
    kind, gwno, start, end = party
    by, _ = between(text, [word], [Party(kind, "X", gwno, start, end)])
    assert (by is not None) == own


def test_the_words_of_a_class_may_be_a_part_of_a_name() -> None:
    """'Hill artillery' uses its own; of what a state's name ends with nothing is said."""
    for kind, own in (("organisation", True), ("other-state", False)):
        for start, end in ((0, 12), (0, 16)):
            party = Party(kind, "Alpha drones", None, start, end)
            by, _ = between("Alpha drones men fire", [(6, 12)], [party])
            assert (by is not None) == own


@pytest.mark.parametrize(
    ("text", "by", "against"),
    [
        # Who acts on what was seized or shot down did not have it.
        ("Alpha fires drones at Bravo", None, "Alpha"),
        ("Alpha attacks Bravo using drones", None, "Bravo"),
        ("Alpha and Bravo storm the hill. They seize drones", None, "Alpha"),
        ("A raid in the hills. They seize drones", None, None),
        # A possessive or 'of' says whose it was, and so does where it was found.
        ("Alpha drones", "Alpha", None),
        ("Drones of Alpha", "Alpha", None),
        ("drones taken from Alpha", "Alpha", None),
        ("drones found in Alpha hideout", "Alpha", None),
        ("drones found near Alpha hideout", None, "Alpha"),
        ("Bravo finds drones in the hands of Alpha", "Alpha", "Bravo"),
        ("drones held by Alpha", "Alpha", None),
        ("Alpha killed by their own mines", "Alpha", "Alpha"),
        ("drones - Alpha fired two", None, "Alpha"),
    ],
)
def test_whose_it_was_where_it_was_seized_or_shot_down(
    text: str, by: str | None, against: str | None
) -> None:
    assert told(text, holds=True) == (by, against)


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("Bravo repels Alpha attack and seizes drones", "Alpha"),
        ("Bravo repels an attack by Alpha and seizes drones", "Alpha"),
        # To repel somebody and to meet an attack is not to repel an attack.
        ("Bravo repels Alpha and seizes drones", None),
        ("Bravo storms after Alpha attacks and seizes drones", None),
    ],
)
def test_what_is_seized_was_whose_attack_was_repelled(text: str, by: str | None) -> None:
    assert told(text, holds=True)[0] == by


@pytest.mark.parametrize(
    ("text", "surely"),
    [
        ("suspected Alpha drones hit", OTHERS_SAY), ("drones blamed on Alpha", OTHERS_SAY),
        ("Alpha suspected of drones", OTHERS_SAY), ("Alpha drones hit", 1.0),
        ("rockets sur la base, Alpha est mis en cause", OTHERS_SAY),
        # Words farther off than thirty letters are of something else.
        (f"suspected {'of a long long thing ' * 2}Alpha drones hit", 1.0),
        ("Alpha fires drones and somebody is suspected", 1.0),
    ],
)  # fmt: skip
def test_only_words_beside_a_party_make_it_a_suspect(text: str, surely: float) -> None:
    words = [found.span() for found in re.finditer(CLASS, text)]
    (at,) = (found.span() for found in re.finditer("Alpha", text))
    by, _ = between(text, words, [Party("organisation", "Alpha", None, *at)])
    assert by is not None
    assert by.surely == surely


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("mine planted by Dawn Brigade", "Dawn Brigade"),
        ("mine kills two, blamed on Dawn Brigade", "Dawn Brigade"),
        # What is known is a party already, and a body of the state is none.
        ("mine planted by Alpha Brigade", None), ("mine planted by Police", None),
        # The claim is of the mine only where it stands behind the word.
        ("men launched by Dawn Brigade meet a mine", None),
    ],
)  # fmt: skip
def test_a_name_that_no_list_knows_is_taken_where_the_part_says_whose_it_was(
    text: str, place: str | None
) -> None:
    words = [found.span() for found in re.finditer(CLASS, text)]
    known = [
        Party("organisation", "Alpha", None, *found.span()) for found in re.finditer("Alpha", text)
    ]
    by, _ = between(text, words, known)
    if place is None:
        assert by is None or by.listed
    else:
        assert by is not None
        assert (by.listed, by.kind, text[by.start : by.end]) == (False, "described", place)
    held, _ = between(text, words, known, holds=True)
    assert held is None or held.listed
