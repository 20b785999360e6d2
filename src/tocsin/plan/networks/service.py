"""Hours without service after a hazard, and what backup, crews and redundancy buy.

A hazard breaks components by chance, each as likely as any other of its layer; crews mend them in
an order by chance; backup bridges hours. No search is made for failures that would hurt most, and
results are by layer and district: what is compared is what protects.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.errors import UsageError
from tocsin.plan.networks.cascade import Supply, find_working
from tocsin.plan.networks.network import Bools, Floats, Services

LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True)
class Hazard:
    """This is what happens by chance, and how it is mended."""

    share: float = 0.1
    """Each component breaks with this probability, from 0 to 1."""
    repair_hours: float = 24.0
    """The mean time that mending one takes, exponentially distributed."""
    crews: int = 5
    """So many are mended at once."""
    hours: int = 336
    """So long is looked at; two weeks."""
    together: float = 0.0
    """How much the components of a district break together, from 0 (each by itself) to just under
    1: the correlation of a beta-binomial, drawn anew for each hazard. A storm is about 0.1 to 0.3;
    this is a judgement."""


@dataclass(frozen=True)
class Protection:
    """This is what is added before the hazard comes. The defaults add nothing."""

    backup_hours: float = 0.0
    """Hours of backup for each component that needs another."""
    crews: int = 0
    """Further crews."""
    redundancy: float = 0.0
    """This share of needs, drawn by chance, can do without what they need, from 0 to 1."""


PROTECTIONS: Mapping[str, Protection] = {
    "as it is": Protection(),
    "8 hours more backup": Protection(backup_hours=8.0),
    "twice the crews": Protection(crews=-1),
    "half of the needs doubled": Protection(redundancy=0.5),
}
"""What is compared, by name. Crews of -1 stand for as many again."""


def lost_hours(
    services: Services,
    hazard: Hazard,
    protection: Protection,
    rng_key: Sequence[int],
    supply: Supply | None = None,
) -> Floats:
    """Play one hazard and count the people's hours without service.

    Args:
        services: the networks.
        hazard: what happens.
        protection: what was added before.
        rng_key: whole numbers from which all chance of this play follows; the same for all
            protections, so that their differences are not chance.
        supply: of these services, where several hazards are played one after another.

    Returns:
        Person-hours lost by component, shape `(nodes,)`. Add them up by layer and district.
    """
    # Each kind of chance has a stream of its own, so that none moves when another is not asked.
    broke, times, order, spare, where = (
        np.random.default_rng([*rng_key, kind]) for kind in range(5)
    )
    supply = supply or Supply(services)
    nodes = services.nodes
    whole = broke.random(nodes) >= _shares(services, hazard, where)[services.district]
    mending = times.exponential(hazard.repair_hours, nodes)
    crews = hazard.crews + (hazard.crews if protection.crews < 0 else protection.crews)
    back_at = _mending_hours(~whole, mending, order.permutation(nodes), crews)
    bound = services.needs[spare.random(len(services.needs)) >= protection.redundancy].T.copy()
    backup = services.backup.copy()
    backup[np.unique(services.needs[:, 0])] += protection.backup_hours
    without = np.zeros(nodes)
    lost = np.zeros(nodes)
    works, lacked = whole, services.people
    lacking = np.zeros(nodes, dtype=bool)
    before: tuple[bytes, bytes] | None = None
    for hour in range(hazard.hours):
        # What works hangs on what is whole and on whose backup is empty, and on nothing else.
        mended, exhausted = back_at <= hour, without >= backup
        now = mended.tobytes(), exhausted.tobytes()
        if now != before:
            works = _settle(supply, mended, bound, exhausted)
            lacked = services.people - _people_served(services, works)
            lacking[:] = False
            lacking[bound[0, ~works[bound[1]]]] = True
        before = now
        without = np.where(lacking, without + 1.0, 0.0)
        if works.all() and mended.all():
            # All hours that are left are as this one: lines may be short even while all is whole.
            return lost + (hazard.hours - hour) * lacked
        lost += lacked
    return lost


def _shares(services: Services, hazard: Hazard, rng: np.random.Generator) -> Floats:
    """With what probability a component breaks, by district, in this one hazard."""
    if hazard.together == 0 or hazard.share in (0.0, 1.0):
        return np.full(len(services.districts), hazard.share)
    size = 1.0 / hazard.together - 1.0
    return rng.beta(hazard.share * size, (1.0 - hazard.share) * size, len(services.districts))


def _mending_hours(broken: Bools, mending: Floats, order: np.ndarray, crews: int) -> Floats:
    """The hour from which each component is whole; crews take the broken ones in an order."""
    back = np.zeros(len(broken))
    free = np.zeros(max(crews, 0))
    for node in order[broken[order]]:
        if not len(free):
            back[node] = np.inf
            continue
        crew = int(np.argmin(free))
        free[crew] += mending[node]
        back[node] = free[crew]
    return back


def _settle(supply: Supply, whole: Bools, bound: np.ndarray, exhausted: Bools) -> Bools:
    """What works in an hour: what lacks a need works until its backup is used up.

    It begins from all that is whole, so what comes back brings back what needs it.
    """
    works = whole.copy()
    while True:
        after = supply.of(works)
        lacking = bound[0, ~after[bound[1]]]
        after[lacking[exhausted[lacking]]] = False
        if (after == works).all():
            return works
        works = after


def _people_served(services: Services, works: Bools) -> Floats:
    """How many of its people each component serves, by the lines that still reach it."""
    served = np.where(works, services.people, 0.0)
    if not np.isfinite(services.capacity).any():
        return served
    one, two = services.ends[:, 0], services.ends[:, 1]
    live = works[one] & works[two]
    reach = np.zeros(services.nodes)
    for ends in (one, two):
        np.add.at(reach, ends[live], services.capacity[live])
    has_lines = np.zeros(services.nodes, dtype=bool)
    has_lines[services.ends.ravel()] = True
    held = has_lines & ~services.supply
    return np.where(held, np.minimum(served, reach), served)


@dataclass(frozen=True)
class Losses:
    """These are the losses and what protections save."""

    losses: pl.DataFrame
    """By `layer` and `district`, as it is: `people`, and person-hours without service `mean`,
    `error` (the standard error of the mean, since only so many hazards were played; empty for
    one), `low` and `high` (a 90 % interval over hazards), and `hours_each` (mean hours a person).
    """
    saved: pl.DataFrame
    """By `protection` and `layer` (and 'all'): person-hours saved against 'as it is' by the same
    hazards, `mean`, `error`, `low`, `high`, and `share` of the loss."""
    draws: int
    """How many hazards were played."""


def compare_protections(
    services: Services,
    hazard: Hazard,
    *,
    protections: Mapping[str, Protection] = PROTECTIONS,
    draws: int = 100,
    seed: int = 0,
    on_draw: Callable[[int], None] | None = None,
) -> Losses:
    """Play many hazards as it is and with each protection.

    Args:
        services: the networks.
        hazard: what happens by chance.
        protections: what is compared, by name; the first is what others are compared with.
        draws: how many hazards are played.
        seed: start of all random numbers.
        on_draw: is told how many are played.

    Returns:
        Losses by layer and district, and what each protection saves.

    Raises:
        UsageError: a share is not from 0 to 1, a number is negative, there is no draw, or nobody
            is served, so that nobody can lose a service.
    """
    _check(hazard, draws)
    if not services.people.any():
        raise UsageError(
            "No component serves anybody, so that nobody can lose a service.",
            remedy="Say in a table with the columns id and people how many each component serves; "
            "maps of lines seldom do.",
        )
    groups = services.layer * len(services.districts) + services.district
    size = len(services.layers) * len(services.districts)
    found = np.zeros((len(protections), draws, size))
    supply = Supply(services)
    for draw in range(draws):
        for number, protection in enumerate(protections.values()):
            lost = lost_hours(services, hazard, protection, (seed, draw), supply)
            found[number, draw] = np.bincount(groups, lost, minlength=size)
        if on_draw:
            on_draw(draw + 1)
    return Losses(
        _losses(services, groups, found[0]), _savings(services, protections, found), draws
    )


def unserved(services: Services) -> list[str]:
    """Say who is without service while nothing is broken, which no hazard has done.

    Args:
        services: the networks.

    Returns:
        A sentence for each layer that has such people; a gap in a map is the usual reason.
    """
    works = find_working(services, np.ones(services.nodes, dtype=bool))
    short = services.people - _people_served(services, works)
    found = []
    for number, name in enumerate(services.layers):
        mine = services.layer == number
        people, whole = short[mine].sum(), services.people[mine].sum()
        if people > 0:
            found.append(
                f"In {name} {people:,.0f} of {whole:,.0f} people are without service while "
                "nothing is broken: no line reaches them from what supplies the layer, or those "
                "that do carry too little, or what they need does not work. They count as lost in "
                "every hazard. Are lines missing?"
            )
    return found


def _check(hazard: Hazard, draws: int) -> None:
    if not 0 <= hazard.share <= 1:
        raise UsageError(f"{hazard.share:g} is no share.", remedy="Give a number from 0 to 1.")
    if not 0 <= hazard.together < 1:
        raise UsageError(
            f"{hazard.together:g} is no correlation.", remedy="Give a number from 0 to under 1."
        )
    if not 0 < hazard.repair_hours < math.inf or hazard.crews < 0 or hazard.hours < 1 or draws < 1:
        raise UsageError(
            "Repair times, crews, hours and draws have to be finite, positive numbers."
        )


def _losses(services: Services, groups: np.ndarray, lost: Floats) -> pl.DataFrame:
    people = np.bincount(groups, services.people)
    rows = [
        {
            "layer": services.layers[group // len(services.districts)],
            "district": services.districts[group % len(services.districts)],
            "people": people[group],
            **_spread(lost[:, group]),
            "hours_each": lost[:, group].mean() / people[group] if people[group] else 0.0,
        }
        for group in np.unique(groups)
    ]
    return pl.DataFrame(rows)


def _savings(
    services: Services, protections: Mapping[str, Protection], found: Floats
) -> pl.DataFrame:
    draws = found.shape[1]
    by_layer = found.reshape(len(found), draws, len(services.layers), -1).sum(axis=3)
    rows = []
    for number, name in enumerate(protections):
        if number == 0:
            continue
        for layer, title in enumerate([*services.layers, "all"]):
            base = by_layer[0].sum(1) if title == "all" else by_layer[0, :, layer]
            with_it = by_layer[number].sum(1) if title == "all" else by_layer[number, :, layer]
            share = (base - with_it).mean() / base.mean() if base.mean() > 0 else 0.0
            saved = _spread(base - with_it)
            rows.append({"protection": name, "layer": title, **saved, "share": share})
    return pl.DataFrame(rows)


def _spread(values: Floats) -> dict[str, float | None]:
    low, high = np.quantile(values, [LOW, HIGH])
    many = len(values)
    return {
        "mean": float(values.mean()),
        "error": float(values.std(ddof=1) / math.sqrt(many)) if many > 1 else None,
        "low": float(low),
        "high": float(high),
    }
