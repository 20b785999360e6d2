"""What the hazard is fitted to: exposures at each first use, and the whole time of exposure.

Between first uses nobody's exposure changes but at the dates of ties, so that all integrals of the
hazard are exact sums; no time is cut into steps.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tocsin.anticipate.diffusion.tables.cases import Cases, Places
from tocsin.anticipate.diffusion.tables.ties import Ties
from tocsin.anticipate.diffusion.tables.times import Floats

BINS = 8
"""Steps of the rate outside the network over the window."""


@dataclass(frozen=True)
class Links:
    """These are ties between cases of one class: a row for each tie and class, each of shape (p,).

    Args:
        channel: number of the channel.
        source, target: numbers of the two cases; the target is exposed to the source.
        weight, start, end: weight of the tie and the times between which it held, as in `Ties`.
    """

    channel: Places
    source: Places
    target: Places
    weight: Floats
    start: Floats
    end: Floats


@dataclass(frozen=True)
class Design:
    """This is what the hazard is fitted to: the cases, with their first uses fixed.

    There are n cases, N events (first uses), K channels, C classes, G cells and B bins (steps of
    the window). A cell is a territory and a class. Time is counted in windows, so that rates are
    per window.

    Args:
        case: case of each event, shape (N,).
        cell, technology, bin: cell, class and bin of each event, shape (N,).
        exposure: sum of the weights of ties to users at the moment of each event, shape (N, K).
        exposed: exposure summed over all cases at risk, weight times windows, shape (K, C, B).
        at_risk: time in windows for which each case is at risk in each bin, shape (n, B).
        case_cell: cell of each case, shape (n,).
        cell_technology: class of each cell, shape (G,).
        covariates: the cases' standardised covariates, shape (n, P).
        degree: mean weight of the ties that reach a case of each channel, shape (K,).
    """

    case: Places
    cell: Places
    technology: Places
    bin: Places
    exposure: Floats
    exposed: Floats
    at_risk: Floats
    case_cell: Places
    cell_technology: Places
    covariates: Floats
    degree: Floats

    @property
    def total(self) -> Floats:
        """This is the exposure over the whole window, in weight times windows, shape (K, C)."""
        return np.asarray(self.exposed.sum(2))


def link_cases(cases: Cases, ties: Ties) -> Links:
    """Find the ties between cases: both ends of such a tie are at risk of, or use, the same class.

    Args:
        cases: the organisations and classes.
        ties: the ties between organisations.

    Returns:
        A row for each tie and class that its two ends share.
    """
    known = np.full((len(cases.actors), len(cases.technologies)), -1, dtype=np.int64)
    known[cases.actor, cases.technology] = np.arange(len(cases.actor))
    source, target = known[ties.source], known[ties.target]
    tie, technology = np.nonzero((source >= 0) & (target >= 0))
    return Links(
        ties.channel[tie],
        source[tie, technology],
        target[tie, technology],
        ties.weight[tie],
        ties.start[tie],
        ties.end[tie],
    )


def draw_onsets(cases: Cases, random: np.random.Generator) -> Floats:
    """Draw the time of each first use evenly from between its two bounds.

    Args:
        cases: n cases with the bounds `low` and `high` of their first use.
        random: source of random numbers; it is moved on.

    Returns:
        Times in units of the clock, infinite where there is no first use, shape (n,).
    """
    high = np.where(cases.adopts, cases.high, np.inf)
    low = np.where(cases.adopts, cases.low, np.inf)
    wide = cases.adopts & (high > low)
    onset = high.copy()
    onset[wide] = low[wide] + random.random(int(wide.sum())) * (high[wide] - low[wide])
    return onset


def make_design(
    cases: Cases,
    links: Links,
    onset: Floats,
    *,
    channels: int,
    bins: int = BINS,
    until: float | None = None,
    users: Floats | None = None,
) -> Design:
    """Compute the exposures of all cases for first uses that are fixed.

    Args:
        cases: the organisations and classes, n cases.
        links: the ties between cases.
        onset: first use of each case in units of the clock, infinite where there is none, shape
            (n,).
        channels: how many channels there are.
        bins: into how many steps the window is divided for the rate outside the network.
        until: the time at which the window ends in place of its own end; None: its own end.
        users: from when each case exposes others, infinite for never, shape (n,); None: from its
            first use.

    Returns:
        The design, with time counted in windows.
    """
    end = cases.end if until is None else until
    width = end - cases.start
    stop = _stop(cases, onset, end)
    edges = np.linspace(cases.start, end, bins + 1)
    since = np.maximum(cases.entry[:, None], edges[:-1])
    at_risk = np.maximum(np.minimum(stop[:, None], edges[1:]) - since, 0.0) / width
    event = np.flatnonzero((onset > cases.entry) & (onset <= end))
    reach = np.bincount(links.channel, links.weight, channels)
    is_reached = np.zeros((channels, len(onset)), dtype=bool)
    is_reached[links.channel, links.target] = True
    found = _exposures(cases, links, onset, end, onset if users is None else users)
    links, last, first = found.links, found.last, found.first
    classes = len(cases.technologies)
    key = links.channel * classes + cases.technology[links.target]
    exposed = np.empty((channels * classes, bins))
    for b in range(bins):
        both = np.minimum(last, edges[b + 1]) - np.maximum(first, edges[b])
        shared = links.weight * np.maximum(both, 0.0) / width
        exposed[:, b] = np.bincount(key, shared, channels * classes)
    place = np.full(len(onset), -1)
    place[event] = np.arange(len(event))
    live = found.live & (place[links.target] >= 0)
    key = place[links.target[live]] * channels + links.channel[live]
    exposure = np.bincount(key, links.weight[live], len(event) * channels)
    number = cases.territory * classes + cases.technology
    cells, case_cell = np.unique(number, return_inverse=True)
    return Design(
        event,
        case_cell[event].astype(np.int64),
        cases.technology[event],
        np.clip(np.searchsorted(edges, onset[event]) - 1, 0, bins - 1).astype(np.int64),
        exposure.reshape(len(event), channels).astype(np.float64),
        exposed.reshape(channels, classes, bins),
        at_risk,
        case_cell.astype(np.int64),
        (cells % classes).astype(np.int64),
        cases.covariates,
        reach / np.maximum(is_reached.sum(1), 1),
    )


def expose_to_doubtful(
    design: Design,
    cases: Cases,
    links: Links,
    onset: Floats,
    doubtful: Floats,
    *,
    over: Collection[int],
) -> Design:
    """Let users of whom it is doubtful that they are any expose others, each as often as drawn.

    They are no first uses. A rate that adds up is unbiased if a user who is not known counts as the
    probability that there is one (regression calibration: Carroll and others 2006, Measurement
    Error in Nonlinear Models). So exposures are means over draws.

    Args:
        design: what `make_design` gives for these cases, links and first uses.
        cases: the organisations and classes, n cases.
        links: the ties between cases.
        onset: first uses, infinite where there is none, shape (n,).
        doubtful: draws of from when each doubtful user uses the class, infinite for never, shape
            (D, n); at least one draw.
        over: numbers of the channels over which they expose others.

    Returns:
        The design with other exposures over these channels.
    """
    exposes = np.isfinite(onset) | np.isfinite(doubtful).any(0)
    some = only_links(links, exposes[links.source] & np.isin(links.channel, list(over)))
    made = [
        make_design(
            cases, some, onset, channels=len(design.degree), bins=design.exposed.shape[2],
            users=np.where(np.isfinite(onset), onset, one),
        )
        for one in doubtful
    ]  # fmt: skip
    exposure, exposed, which = design.exposure.copy(), design.exposed.copy(), sorted(over)
    exposure[:, which] = np.mean([one.exposure[:, which] for one in made], axis=0)
    exposed[which] = np.mean([one.exposed[which] for one in made], axis=0)
    return replace(design, exposure=exposure, exposed=exposed)


@dataclass(frozen=True)
class Carriers:
    """These are the ties that may have carried first uses, one by one.

    There are T ties (two organisations and a channel, whatever the class and the direction), and L
    places in the sums of exposures at first uses, sorted by event and channel.

    Args:
        event, channel, tie: of each place, shape (L,); events are numbered as in `Design`.
        weight: the stated weight that the tie adds there, shape (L,).
        of: channel of each tie, shape (T,).
        exposed: stated weight times windows for which the tie exposed somebody, shape (T,).
    """

    event: Places
    channel: Places
    tie: Places
    weight: Floats
    of: Places
    exposed: Floats


def find_carriers(cases: Cases, links: Links, onset: Floats) -> Carriers:
    """Take apart by tie what `make_design` adds up by channel.

    Args:
        cases, links, onset: as `make_design` takes them.

    Returns:
        The ties that exposed anybody to a user at any time.
    """
    found = _exposures(cases, links, onset, cases.end, onset)
    lasting = np.maximum(found.last - found.first, 0.0) / (cases.end - cases.start)
    # Where a tie carried a first use, it exposed somebody for a while.
    ever = lasting > 0
    links, lasting, live = only_links(found.links, ever), lasting[ever], found.live[ever]
    ends = np.sort(np.stack([cases.actor[links.source], cases.actor[links.target]]), axis=0)
    size = len(cases.actors)
    number = (links.channel * size + ends[0]) * size + ends[1]
    names, tie = np.unique(number, return_inverse=True)
    event = np.flatnonzero((onset > cases.entry) & (onset <= cases.end))
    place = np.full(len(onset), -1)
    place[event] = np.arange(len(event))
    at = np.flatnonzero(live & (place[links.target] >= 0))
    at = at[np.lexsort((links.channel[at], place[links.target[at]]))]
    return Carriers(
        place[links.target[at]],
        links.channel[at],
        tie[at],
        links.weight[at],
        names // size**2,
        np.bincount(tie, links.weight * lasting, len(names)).astype(np.float64),
    )


@dataclass(frozen=True)
class _Exposures:
    """Ties from users: from when to when each exposes its target, and whether at its first use."""

    links: Links
    first: Floats
    last: Floats
    live: npt.NDArray[np.bool_]


def _stop(cases: Cases, onset: Floats, end: float) -> Floats:
    """Until when each case is at risk."""
    return np.maximum(np.minimum(np.minimum(onset, cases.exit), end), cases.entry)


def _exposures(cases: Cases, links: Links, onset: Floats, end: float, users: Floats) -> _Exposures:
    # Who never uses the class exposes nobody, so most ties can be left aside.
    links = only_links(links, users[links.source] <= end)
    begin = np.maximum(users[links.source], links.start)
    finish = np.minimum(cases.stays[links.source], links.end)
    first = np.maximum(begin, cases.entry[links.target])
    last = np.minimum(_stop(cases, onset, end)[links.target], finish)
    then = onset[links.target]
    return _Exposures(links, first, last, (begin < then) & (then <= finish))


def held_at(links: Links, cases: Cases, moment: float) -> npt.NDArray[np.bool_]:
    """Tell which ties hold at a moment, if their source uses the class and has not left by then.

    Args:
        links: p ties.
        cases: the organisations and classes.
        moment: a time in units of the clock; what begins or ends just then holds.

    Returns:
        True for those that hold, shape (p,).
    """
    held = (links.start <= moment) & (moment <= links.end)
    return held & (cases.stays[links.source] >= moment)


def only_links(links: Links, which: npt.NDArray[np.bool_]) -> Links:
    """Keep some ties between cases.

    Args:
        links: p ties.
        which: True for those to keep, shape (p,).
    """
    return Links(
        links.channel[which],
        links.source[which],
        links.target[which],
        links.weight[which],
        links.start[which],
        links.end[which],
    )
