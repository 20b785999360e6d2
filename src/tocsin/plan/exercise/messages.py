"""What people say in an exercise: first signs, reports and answers, each in several wordings.

Whether something is true has no part in how it is worded: what comes true and what does not is
told by the same sentences, in the order of time. No wording comes twice in a script while another
of its kind is left.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Protocol

import numpy as np

Sentences = tuple[str, ...]
FIRST_LETTERS = re.compile(r"(?:^|(?<=[.!?] ))[a-z]")
"""A number in words may begin any sentence of a message."""
HINTS: Sentences = (
    "{few} callers from {place} speak of groups moving and of shops closing. Nobody has seen it "
    "with their own eyes.",
    "A teacher in {place} says that {part} of the children stay at home since yesterday; she does "
    "not know why.",
    "Bus drivers no longer go to {few} places in {place} after dark. Each has it from another.",
    "The price of fuel in {place} has risen by {part} within two days. A trader says that a road "
    "is no longer safe.",
    "{few} families in a district of {place} are said to pack. The district's office denies it.",
    "A market in {place} that is open on {day}s stayed empty. The sellers name {few} reasons.",
    "A nurse in {place} asks for leave, as {few} of her colleagues have done. None says why.",
    "An elder from {place} calls for calm on local radio, and does not say what happened.",
    "{part} of the shops on the main road of {place} are shut. The owners speak of a holiday that "
    "no calendar has.",
    "Two aid workers in {place} put off a visit until {day}. Their drivers did not want to go.",
    "Parents in {place} ask whether examinations will be held on {day}. A clerk says that they "
    "will, and does not sound sure.",
    "{few} messages from {place} ask which roads are open. All of them have nearly the same words.",
)
"""First signs, in doubt; the same for what comes true and for what does not."""
ASKED: Sentences = (
    "{few} drivers from {place} ask whether the road behind them is safe. There are more of them "
    "than on other days.",
    "A trader asks whether goods for {place} should wait at the border until {day}. He has heard "
    "talk.",
    "Customs officers report that lorries from {place} are down by {part}. It may be the holidays.",
    "A haulier sends {few} empty lorries back to {place}. The drivers were told to wait, and not "
    "why.",
    "Herders from {place} cross {few} days earlier than in other years. They speak of the grass.",
    "An insurer asks for the papers of {few} lorries bound for {place}, which it never did before.",
    "The bank at the crossing changes {part} more money of {place} than in other weeks.",
    "A bus from {place} comes with {few} passengers more than it has seats; the one after it is "
    "nearly empty.",
    "A post on the road to {place} hears from {few} travellers that another road is closed. Its "
    "own list says that it is open.",
    "Farmers from {place} bring {part} of their harvest to the border, weeks before it is due.",
)
"""What the border sees of it, as doubtful."""
ASKED_AT_SEA: Sentences = (
    "{few} skippers from {place} ask whether the port behind them stays open. There are more of "
    "them than on other days.",
    "A trader asks whether a cargo for {place} should wait in port until {day}. He has heard talk.",
    "Customs officers report that containers from {place} are down by {part}. It may be the "
    "holidays.",
    "A shipping line sends {few} ships past {place} without a stop. The crews were not told why.",
    "Fishermen from {place} land {few} days earlier than in other years. They speak of weather.",
    "An insurer asks for the papers of {few} ships bound for {place}, which it never did before.",
    "The bank at the airport changes {part} more money of {place} than in other weeks.",
    "A ferry from {place} comes with {few} passengers more than it has seats; the one after it is "
    "nearly empty.",
    "A harbour office hears from {few} crews that a port in {place} is closed. Its own list says "
    "that it is open.",
    "An airline sells {part} more seats from {place} than in other weeks, and nearly all of them "
    "one way.",
)
"""What ports and airports see of it, where a territory has no border on land."""
POSTS: Sentences = (
    "A post shared thousands of times says that {size} people have died in {place} within four "
    "weeks, and that the authorities hide it.",
    "A film without sound, said to be from {place}, goes with the words '{size} dead in a month'. "
    "Nothing in it shows where it was taken.",
    "A list of {size} names is passed on as that of the dead of the past four weeks in {place}. "
    "{few} of the names stand on it twice.",
    "An account opened on {day} writes that {place} has lost {size} people in four weeks, and "
    "that it has this from a relative.",
    "A group with many members repeats a number for {place}, {size} dead in four weeks. Its source "
    "is the same group.",
    "A map on which {place} is coloured red, with the number {size}, is said to count a month's "
    "dead. It names no author.",
)
"""How an unknown account tells of a rise."""
OFFICES: Sentences = (
    "Staff in {place} have heard of {size} dead within four weeks. They could not reach the "
    "hospital.",
    "Our office in {place} was told of {size} dead in a month by {few} people who were not there "
    "themselves.",
    "A partner's weekly note puts the dead of four weeks in {place} at {size}, and marks it as not "
    "checked.",
    "From {place} we hear of {size} dead since last month. The telephone has been down since "
    "{day}.",
    "A clergyman in {place} speaks of {size} burials in four weeks. We do not know whether he "
    "counts other causes.",
    "Two of our people in {place} give different numbers for four weeks; the higher is {size}.",
)
"""How a partner's office does."""
HOSPITALS: Sentences = (
    "Hospitals in {place} count about {exact} dead in four weeks, and ask for help.",
    "Hospitals in {place} have set up tents: about {exact} people have died in four weeks, and "
    "beds are short.",
    "Hospitals in {place} send a list of about {exact} dead in four weeks, by day and ward, and "
    "ask for blood and fuel.",
    "Hospitals in {place} no longer take those who can wait. In four weeks about {exact} have "
    "died.",
    "Hospitals in {place} put the dead of four weeks at about {exact}; {few} wards share one "
    "generator.",
    "Hospitals in {place} ask where to bring the wounded. They have registered about {exact} dead "
    "in four weeks.",
)
"""What confirms a rise."""
OUTAGES: Sentences = (
    "In {place} power and water fail for many; the cause is not known. Clinics ask how long their "
    "fuel has to last.",
    "{few} districts of {place} are without power, and pumps stand still. Crews cannot yet say "
    "why.",
    "The network in {place} is down since {day}. A clinic moves its cold store to another town.",
    "Water in {place} comes for {few} hours a day. Utilities speak of a fault that they look for.",
    "Telephones in {place} work in {part} of the places that have a mast. Ambulances drive to ask.",
    "In {place} {part} of the pumps have stopped, and the price of a can of water doubles.",
)
"""How utilities tell of services that fail."""
ROADS: Sentences = (
    "Some {size} people from {place} are on the roads to the border within days. Traders ask "
    "whether it stays open.",
    "At the crossing from {place} people wait since {day}; posts count some {size} on the roads "
    "behind it.",
    "Villages before the border take in people from {place}. Posts speak of some {size}, and of "
    "{few} schools that are full.",
    "A column from {place}, some {size} people with carts and animals, is {few} days from the "
    "border.",
    "Posts hear of some {size} people who left {place}. Most of those who came are women and "
    "children; {few} ask for a doctor.",
)
"""How border posts tell of people on the move."""
LANDINGS: Sentences = (
    "Some {size} people from {place} have come by boat within days. Traders ask whether the ports "
    "stay open.",
    "At the ferry from {place} people wait since {day}; harbour offices count some {size} who want "
    "to cross.",
    "Villages on the coast take in people from {place}. Harbour offices speak of some {size}, and "
    "of {few} schools that are full.",
    "Boats from {place}, with some {size} people in all, are {few} days from the coast.",
    "Harbour offices hear of some {size} people who left {place}. Most of those who came are women "
    "and children; {few} ask for a doctor.",
)
"""How ports tell of people on the move, where a territory has no border on land."""
THANKS: Sentences = (
    "The neighbours of {place} thank for the warning: stocks were moved in time. They ask what "
    "comes next.",
    "The neighbours of {place} say that the warning gave them time for beds and fuel, in {few} "
    "towns. They ask how long it holds.",
    "The neighbours of {place} had staff at the border when it was needed, they write, and ask for "
    "the next judgement by {day}.",
)
"""After a warning of what came."""
BLAMED: Sentences = (
    "A journalist asks why nobody was warned of what happened in {place}, and what was known when.",
    "A journalist has {few} messages about {place} that came in before, and asks who read them.",
    "A journalist asks for the day on which the cell first heard of {place}, and what had been "
    "done by {day}.",
)
"""After no warning of what came."""
CLOSED: Sentences = (
    "The neighbours of {place} have closed markets after the warning. Nothing beyond the usual has "
    "come; traders ask who answers for their losses.",
    "The neighbours of {place} have held {few} convoys back since {day}. Nothing beyond the usual "
    "has come, and the drivers want to go on.",
    "The neighbours of {place} moved beds and staff that are missed elsewhere. Nothing beyond the "
    "usual has come, and they ask whether to stay.",
)
"""After a warning of what did not come."""
DENIED: Sentences = (
    "A journalist asks whether what is said of {place} is true: nobody there has seen anything of "
    "the kind, and people are afraid.",
    "A journalist was in {place} and found {few} people who are afraid, and none who has seen "
    "anything of the kind.",
    "A journalist asks who first wrote of {place}: on {day} nobody there knew of anything of the "
    "kind.",
)
"""After no warning of what did not come."""
PARTS = ("a fifth", "a quarter", "a third", "two fifths", "half")
FEW = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Told(Protocol):
    """This is what a message tells of."""

    @property
    def where(self) -> str:
        """Give its territory as it stands within a sentence."""

    @property
    def size(self) -> float:
        """Give how much of it there is, or is said to be."""

    @property
    def at(self) -> datetime:
        """Give when it happens, or would."""


class Teller:
    """This words the messages of one script.

    Args:
        rng: source of random numbers; it is moved on.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._left: dict[Sentences, list[int]] = {}

    def say(self, sentences: Sentences, turn: Told) -> str:
        """Word a message on a turn, in a way that was not used while another is left.

        How many callers, lorries or places a sentence has grows with the size of what is told,
        true or not; a day is that of the turn's week.

        Args:
            sentences: the wordings of a message.
            turn: what is told.

        Returns:
            The message.
        """
        left = self._left.setdefault(sentences, [])
        if not left:
            left += [int(one) for one in self._rng.permutation(len(sentences))]
        grown = int(np.log10(max(turn.size, 1.0))) + int(self._rng.integers(0, 5))
        told = sentences[left.pop()].format(
            place=turn.where,
            size=round_spoken(turn.size * _blur(self._rng)),
            exact=round_spoken(turn.size),
            few=FEW[min(grown, len(FEW) - 1)],
            part=PARTS[int(self._rng.integers(len(PARTS)))],
            day=DAYS[(turn.at.weekday() - int(self._rng.integers(1, 4))) % len(DAYS)],
        )
        return FIRST_LETTERS.sub(lambda found: found[0].upper(), told)


def _blur(rng: np.random.Generator) -> float:
    """By which factor people who are there are off at first.

    Args:
        rng: source of random numbers; it is moved on.
    """
    return float(np.exp(rng.normal(0.0, 0.35)))


def round_spoken(number: float) -> str:
    """About a number, as people who are there would say it.

    >>> round_spoken(1234.0), round_spoken(7.0)
    ('1,000', '7')
    """
    step = 10 ** max(0, len(str(int(number))) - 1)
    return f"{int(round(number / step) * step):,}"
