"""From plain tables to the answer: through which channels, to whom next, how sure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer import size
from tocsin.anticipate.diffusion.answer.controls import (
    SAID,
    Controls,
    Given,
    compare_controls,
    join_words,
    mean_lift,
)
from tocsin.anticipate.diffusion.answer.effects import note_of_alike_ties, table_of_effects
from tocsin.anticipate.diffusion.answer.hazards import table_of_hazards
from tocsin.anticipate.diffusion.answer.next_users import (
    MONTHS,
    cut_of_channels,
    speaking_ties,
    table_of_next,
)
from tocsin.anticipate.diffusion.answer.sensitivity import (
    TIE_WEIGHTS,
    UNSEEN_TIES,
    shares_by_weights,
    table_of_alternatives,
)
from tocsin.anticipate.diffusion.answer.shares import (
    ALL,
    NOT_BY_NETWORK,
    Imputation,
    note_of_shares,
    table_of_bounds,
    table_of_shares,
)
from tocsin.anticipate.diffusion.hazard.design import Links, draw_onsets, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.gibbs import CHAINS, sample_gibbs
from tocsin.anticipate.diffusion.hazard.latent import settle_onsets
from tocsin.anticipate.diffusion.hazard.posterior import Posterior, note_of_chains, sample
from tocsin.anticipate.diffusion.tables.cases import Cases, move_back, read_cases
from tocsin.anticipate.diffusion.tables.periods import spread_periods
from tocsin.anticipate.diffusion.tables.ties import Ties, join_spells, read_ties
from tocsin.base.display.quantity import quantity
from tocsin.errors import SourceRefused, StageNotReady, UsageError
from tocsin.schema.tables.anticipated.diffusion import CONVERGED

IMPUTATIONS = 20
FITS = ("auto", "nuts", "gibbs")
"""How the hazard is fitted; 'auto': NUTS for one channel and few first uses, else Gibbs."""
QUIET = 0.8
"""Part of the window without a first use from which it is asked where times are counted from."""
LIKELIEST = 10  # of whom the summary tells the ties that speak for them
OnDone = Callable[[str], None]


@dataclass(frozen=True)
class Diffusion:
    """This is the answer of `diffuse`. All intervals hold 90 %.

    Args:
        shares: the share of first uses by channel, with the columns `technology, channel, mean,
            low, high`.
        hazards: the rates of first use in time, as `table_of_hazards` gives them.
        next_users: the chance of a first use soon, with the columns `actor, technology, months,
            probability, low, high`.
        effects: the covariates' effects, as `table_of_effects` gives them.
        summary: the verdict first, then what was done and what the controls say; JSON can hold it.
    """

    shares: pl.DataFrame
    hazards: pl.DataFrame
    next_users: pl.DataFrame
    effects: pl.DataFrame
    summary: dict[str, Any]


def diffuse(
    adoptions: pl.DataFrame,
    ties: pl.DataFrame,
    *,
    undirected: bool = False,
    covariates: Sequence[str] = (),
    more: pl.DataFrame | None = None,
    start: float | str | None = None,
    end: float | str | None = None,
    unit: str | None = None,
    delay: float = 0.0,
    fit: str = "auto",
    seed: int = 0,
    on_done: OnDone = lambda _words: None,
) -> Diffusion:
    """Say through which channels technology classes spread among organisations.

    Args:
        adoptions: who first used which class when, a table as `read_cases` takes it.
        ties: who is tied to whom over which channel, a table as `read_ties` takes it.
        undirected: True if each tie exposes both of its ends to each other.
        covariates, more, start, end, unit: as `read_cases` takes them.
        delay: months between a first use and the time at which the table has it.
        fit: of `FITS`. NUTS takes the full model; Gibbs sampling takes one strength a channel for
            all classes and is far faster.
        seed: start of all random numbers; the same seed gives the same bits.
        on_done: this function is called with a sentence whenever a part of the work is done.

    Returns:
        The shares of the channels, the hazards, the likeliest next users, and a summary.

    Raises:
        SourceRefused, UsageError: a table or an option is wrong.
        StageNotReady: nothing can be learnt from these tables; the error says why.
        MissingExtra: the extra `anticipate` is not installed.
    """
    if fit not in FITS:
        raise UsageError(f"There is no fit '{fit}'.", remedy=f"There are: {', '.join(FITS)}.")
    cases = read_cases(adoptions, covariates=covariates, more=more, start=start, end=end, unit=unit)
    never = _notes_of_never(cases)
    cases = spread_periods(cases)
    read = join_spells(read_ties(ties, cases, undirected=undirected))
    cases = move_back(cases, delay * cases.clock.month)
    _check_names(cases, read)
    links = link_cases(cases, read)
    if not len(links.channel):
        raise StageNotReady(
            "No tie joins two organisations that are in the table for the same class.",
            remedy="List those at risk that never took a class up, with an empty time.",
        )
    found, how = _fit(cases, links, len(read.channels), fit=fit, seed=seed, on_done=on_done)
    posteriors = [one.posterior for one in found]
    shares = table_of_shares(found, cases.technologies, read.channels)
    bounds = table_of_bounds(found, (), read.channels, seed=seed)["upper"]
    on_done("Who may be next")
    # Where nobody was at risk any more there is no rate.
    hazards = table_of_hazards(cases, found).fill_nan(None)
    following = table_of_next(cases, links, found)
    cuts = cut_of_channels(cases, links, found, read.channels)
    beta = np.concatenate([one.beta for one in posteriors])
    effects = table_of_effects(cases, beta)
    # An even draw: middles are at one instant, and draws by the rates look like contagion.
    even = draw_onsets(cases, np.random.default_rng(seed))
    given = Given(cases, read, links, even, mean_lift(cases, posteriors))
    controls = compare_controls(given, seed=seed, on_done=on_done)
    strength = np.mean([one.strength.mean(0) for one in posteriors], axis=0)
    spoken = speaking_ties(cases, links, found[0].onset, strength, read.channels)
    summary = {
        **_verdict(shares, controls, read),
        "window": [cases.clock.write(cases.start), cases.clock.write(cases.end)],
        "unit": cases.clock.unit,
        "counts": _counts(cases, read, found[0].design.case),
        "channels": _channels(read, controls, posteriors, cases, bounds.to_list()),
        **_alternatives(cases, links, found, read.channels, seed),
        "cuts": cuts,
        "covariates": [one | {"beta": one["mean"]} for one in effects.to_dicts()],
        "next": _likeliest(following, spoken),
        "controls": {
            k: v for k, v in asdict(controls).items() if not k.startswith(("p_c", "null"))
        },
        "sampler": {"fit": how, **_sampler_summary(posteriors), "seed": seed},
        "notes": [
            *note_of_chains(posteriors),
            *note_of_shares(shares),
            *note_of_alike_ties(cases, links, read.channels),
            *_notes(cases, shown=controls.shown),
            *never,
            *cases.notes,
            *read.notes,
        ],
        "refused": {"adoptions": cases.refused.to_dicts(), "ties": read.refused.to_dicts()},
    }
    return Diffusion(shares, hazards, following, effects, summary)


def _fit(
    cases: Cases, links: Links, channels: int, *, fit: str, seed: int, on_done: OnDone
) -> tuple[list[Imputation], str]:
    """The model fitted to one draw of the first uses or to several, and by which sampler."""
    wide = bool((cases.adopts & (cases.high > cases.low)).any())
    random = np.random.default_rng(seed)
    onsets = [draw_onsets(cases, random) for _ in range(IMPUTATIONS if wide else 1)]
    if wide and cases.adopts.sum() <= size.MANY:
        onsets = settle_onsets(cases, links, onsets, channels=channels, random=random)
    designs = [make_design(cases, links, onset, channels=channels) for onset in onsets]
    if not all(len(design.case) for design in designs):
        raise StageNotReady("No first use lies after its organisation's entry.")
    _check_order(cases)
    on_done(size.words_of_sampling(cases, links))
    events = max(len(one.case) for one in designs)
    small = events <= size.FEW and len(cases.technologies) == 1 if wide else events <= size.MANY
    fast = fit == "gibbs" or (fit == "auto" and (channels > 1 or not small))
    if fast:
        least = size.FEWEST // CHAINS
        draws = size.draws_within(150 if wide else 1000, events * CHAINS, least=least)
        posteriors = sample_gibbs(designs, seed=seed, draws=draws)
    else:
        draws, warmup = (150, 300) if wide else (500, 400)
        posteriors = sample(designs, seed=seed, draws=draws, warmup=warmup)
    found = [Imputation(*one) for one in zip(onsets, designs, posteriors, strict=True)]
    return found, "gibbs" if fast else "nuts"


def _sampler_summary(posteriors: Sequence[Posterior]) -> dict[str, Any]:
    """How much was drawn, and whether the chains agree."""
    r_hat = float(max(one.r_hat for one in posteriors))
    return {
        "imputations": len(posteriors),
        "draws": int(sum(len(one.base) for one in posteriors)),
        "r_hat": r_hat,
        "converged": r_hat <= CONVERGED,
        "divergences": int(sum(one.divergences for one in posteriors)),
    }


def _alternatives(
    cases: Cases, links: Links, found: Sequence[Imputation], channels: Sequence[str], seed: int
) -> dict[str, list[dict[str, Any]]]:
    """The shares if ties are unseen, and if their weights are doubtful."""
    weighed = shares_by_weights(cases, links, found[::4], seed=seed)
    table = table_of_alternatives(found, channels, weighed=weighed, seed=seed)
    return {
        name: table.filter(alternative=told).drop("alternative").to_dicts()
        for name, told in (("unseen_ties", UNSEEN_TIES), ("doubtful_weights", TIE_WEIGHTS))
    }


def _check_names(cases: Cases, ties: Ties) -> None:
    """Refuse what is called as the answer calls something else."""
    for name, what, names, where in (
        (ALL, "class", cases.technologies, "the table of adoptions"),
        (NOT_BY_NETWORK, "channel", ties.channels, "the table of ties"),
    ):
        if name in names:
            raise SourceRefused(
                f"A {what} is called '{name}', which stands for something else in the answer.",
                where=where,
                remedy="Give it another name.",
            )


def _check_order(cases: Cases) -> None:
    """Refuse first uses of which none can have come after another of its class."""
    earliest = np.full(len(cases.technologies), np.inf)
    np.minimum.at(earliest, cases.technology[cases.adopts], cases.low[cases.adopts])
    event = cases.adopts & (cases.high > cases.entry)
    if not (cases.high > earliest[cases.technology])[event].any():
        raise StageNotReady(
            "No first use comes after another of its class: they are all at once, or each class "
            "has one only, so there is no order to learn from.",
            remedy="If some were users from the beginning, let the window start there (--start).",
        )


def _verdict(shares: pl.DataFrame, controls: Controls, ties: Ties) -> dict[str, Any]:
    whole = shares.filter((pl.col("technology") == ALL) & (pl.col("channel") == NOT_BY_NETWORK))
    mean, low, high = (1.0 - value for value in whole.select("mean", "high", "low").row(0))
    told = (
        f"By the model {mean:.0%} of first uses ({low:.0%} to {high:.0%}) came over "
        f"{', '.join(ties.channels)}. Worlds without the network look so with p = "
        f"{controls.p_null:.2f}, rewired ones with p = {controls.rewired[1]:.2f}, permuted first "
        f"uses with p = {controls.permuted[1]:.2f}."
    )
    if controls.shown:
        words = (
            f"The data show that the network matters, if alike neighbours are told apart. {told}"
        )
    else:
        names = join_words([SAID[one] for one in controls.missed])
        words = f"The data do not show it: the network does not beat {names}. {told}"
    return {"verdict": words, "shown": controls.shown}


def _counts(cases: Cases, ties: Ties, events: Any) -> dict[str, int]:
    return {
        "actors": len(cases.actors),
        "technologies": len(cases.technologies),
        "territories": len(cases.territories),
        "cases": len(cases.actor),
        "first_uses": int(cases.adopts.sum()),
        "events": len(events),
        "seeds": int(cases.adopts.sum()) - len(events),
        "never": int((~cases.adopts).sum()),
        "ties": len(ties.channel),
    }


def _channels(
    ties: Ties,
    controls: Controls,
    posteriors: Sequence[Posterior],
    cases: Cases,
    bounds: Sequence[float],
) -> list[dict[str, Any]]:
    """Rate a unit of weight and unit of the clock, what part it may have of uses like these at
    most, and whether the channel beats its null.
    """
    width = cases.end - cases.start
    s = np.concatenate([one.s for one in posteriors]) / width
    return [
        {
            "channel": channel,
            "ties": int((ties.channel == k).sum()),
            "rate": float(s[:, k].mean()),
            "low": float(np.quantile(s[:, k], 0.05)),
            "high": float(np.quantile(s[:, k], 0.95)),
            "share_upper": bounds[k],
            "p": controls.p_channel[k],
            "share_without_network": controls.null_share[k][0],
            "share_without_network_high": controls.null_share[k][1],
        }
        for k, channel in enumerate(ties.channels)
    ]


def _likeliest(
    following: pl.DataFrame, spoken: dict[tuple[str, str], list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    rows = following.filter(pl.col("months") == MONTHS[-2]).head(LIKELIEST).to_dicts()
    return [
        {"rank": rank, **row, "ties": spoken.get((row["actor"], row["technology"]), [])}
        for rank, row in enumerate(rows, 1)
    ]


def _notes(cases: Cases, *, shown: bool) -> list[str]:
    notes = [
        "A share is no proof of cause. What a cut would buy holds only if the share is causal."
    ]
    if not shown:
        notes.append(
            "Hazards, chances of being next and cuts are by the model with ties, though the data "
            "do not show that ties matter."
        )
    if cases.adopts.all():
        notes.append(
            "Every case has a first use. If others were at risk and never took it up, list them "
            "with an empty time: without them contagion is made up. Time was not reversed, since "
            "what reached everybody is an epidemic backwards, too."
        )
    if len(cases.territories) == 1:
        notes.append(
            "There is no territory, so organisations that are alike cannot be told from ones that "
            "learn from each other. Give a column 'territory'."
        )
    return notes + _notes_of_times(cases)


def _notes_of_times(cases: Cases) -> list[str]:
    """What a first or a last time of many first uses may stand for, and a long quiet beginning."""
    event = cases.adopts & (cases.high > cases.entry)
    notes, shown = [], cases.clock.write
    if early := int((cases.adopts & ~event & (cases.entry > cases.start)).sum()):
        words = quantity(early, "first use is", "first uses are")
        notes.append(
            f"{words} at their organisation's entry or before it, where it was already a user: "
            "they expose others from the entry on and are no events. If they are events, let "
            "'entry' lie before them."
        )
    quiet = (cases.low[event].min() - cases.start) / (cases.end - cases.start)
    if quiet > QUIET and not cases.clock.dates and not (cases.adopts & ~event).any():
        notes.append(
            f"The first {quiet:.0%} of the window, which starts at {shown(cases.start)}, hold no "
            "first use. If times are counted from elsewhere, let it start there (--start)."
        )
    times, count = np.unique(cases.high[event & (cases.low == cases.high)], return_counts=True)
    if not len(times):
        return notes
    if count[0] > 1 and cases.start < times[0] and event.sum() == cases.adopts.sum():
        notes.append(
            f"{count[0]} first uses are at {shown(times[0])}, the first time, and the window "
            f"starts at {shown(cases.start)}: they count as first uses outside the network. If "
            "they were users from the beginning, let the window start there."
        )
    return notes


def _notes_of_never(cases: Cases) -> list[str]:
    """A time that most share may stand for 'never': the last of all, or the window's beginning."""
    event = cases.adopts & (cases.high > cases.entry)
    notes, shown = list[str](), cases.clock.write
    times, count = np.unique(cases.high[event & (cases.low == cases.high)], return_counts=True)
    if not len(times):
        return notes
    if count[-1] > 2 and count[-1] == count.max():
        notes.append(
            f"{count[-1]} first uses are at {shown(times[-1])}, the last time and that of most. If "
            "it stands for 'never', leave it empty."
        )
    early = cases.adopts & ~event & (cases.high <= cases.start)
    counted = not cases.clock.dates and cases.clock.unit != "year" and cases.start <= 0
    if counted and early.sum() > max(2, count.max()):
        notes.append(
            f"{early.sum()} first uses are at {shown(cases.start)}, where the window starts: they "
            "count as users from the beginning. If it stands for 'never', leave it empty."
        )
    return notes
