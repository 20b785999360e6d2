"""How technology spreads among organisations: verdict, channels, hazards, and who may be next.

Organisations and technology classes only, never persons. All intervals hold 90 %.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from tocsin.schema.table import Table, unit
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

CONTROLS = ("worlds", "rewired", "permuted", "reversed", "past")
"""What the network has to beat: worlds without it, ties rewired at random, first uses permuted
within territory and time, time reversed, and past chances without it."""
MODELS = ("without ties", "with ties")
"""The models of who may be next: that without ties is taken where the data do not show that ties
matter."""
CONVERGED = 1.02
"""R-hat above which the chains of a sampler do not agree, and whoever shows the answer says so."""
CAPABILITIES = ("stealth", "reach", "lethality", "tempo", "index")
"""Dimensions of the capability index, and their mean."""


class DiffusionVerdict(Table):
    """Whether the data show that technology spreads over the network; one row, or none.

    There is none where nothing can be learnt; `diffusion_notes` says why.
    """

    verdict: str = pa.Field(description="a sentence that stands first wherever this is told")
    shown: bool = pa.Field(description="the network beats all of its controls")
    missed: str = pa.Field(description="of CONTROLS, those that are not beaten, space between")
    share: float = pa.Field(ge=0, le=1, description="of first uses that came over the network")
    share_low: float = pa.Field(ge=0, le=1)
    share_high: float = pa.Field(ge=0, le=1)
    p_null: float = pa.Field(ge=0, le=1, description="of worlds without the network")
    p_rewired: float = pa.Field(ge=0, le=1, description="of ties rewired at random")
    p_permuted: float = pa.Field(
        ge=0, le=1, description="of first uses permuted within territory and time"
    )
    data_share: float = pa.Field(
        ge=0, le=1, description="by the fit that the controls use, to set beside the next four"
    )
    null_share: float = pa.Field(ge=0, le=1, description="mean share in worlds without it")
    permuted_share: float = pa.Field(ge=0, le=1, description="first uses permuted")
    rewired_share: float = pa.Field(ge=0, le=1, description="ties rewired at random")
    reversed_share: float = pa.Field(
        nullable=True,
        ge=0,
        le=1,
        description="time reversed, in draws in which some never took it up; missing if in none",
    )
    first_day: pl.Date
    last_day: pl.Date
    organisations: int = pa.Field(ge=0)
    at_risk: int = pa.Field(ge=0, metadata=unit("organisations × classes"))
    first_uses: float = pa.Field(ge=0, description="that are no seeds, expected")
    seeds: float = pa.Field(
        ge=0,
        description="in use at the organisation's first incident, or in the first year of its "
        "territory's incidents, so perhaps older than these; expected",
    )
    ties: int = pa.Field(ge=0)
    imputations: int = pa.Field(ge=1)
    r_hat: float = pa.Field(
        gt=0,
        description="the largest, of strengths, levels, effects and spread; above CONVERGED "
        "the chains do not agree",
    )


class DiffusionNote(Table):
    """What was done to doubtful input, and what the answer rests on; a sentence a row."""

    note: str


class DiffusionShare(Table):
    """The share of first uses that came over one channel, of one class or of all."""

    technology: str = pa.Field(description="a technology class, or 'all'")
    channel: str = pa.Field(description="of ties; 'a = b' where two are alike; 'not by network'")
    mean: float = pa.Field(ge=0, le=1)
    low: float = pa.Field(ge=0, le=1)
    high: float = pa.Field(ge=0, le=1)
    upper: float = pa.Field(ge=0, le=1, description="95 % bound of the part of uses like these")
    ties: int = pa.Field(ge=0)
    null_mean: float = pa.Field(nullable=True, description="in worlds without the network")
    null_high: float = pa.Field(nullable=True, description="95 % of them")
    p: float = pa.Field(
        nullable=True, ge=0, le=1, description="worlds without this channel; if the whole is shown"
    )


class DiffusionDraw(Table):
    """One draw of the share and the rate of one channel, of one class or of all.

    It is what a plan takes as its prior. The rows of one draw belong together. They are of the
    model with the network, whether or not `diffusion_verdict` says that the data show it.
    """

    draw: int = pa.Field(ge=0)
    technology: str = pa.Field(description="a technology class, or 'all'")
    channel: str = pa.Field(description="of ties; 'a = b' where two are alike; 'not by network'")
    share: float = pa.Field(
        ge=0,
        le=1,
        description="of first uses; of the hazard where the class has no first use in the draw",
    )
    rate: float = pa.Field(
        ge=0,
        metadata=unit("first uses per organisation and month"),
        description="the channel's part of the hazard in the last step of the window",
    )


class DiffusionAlternative(Table):
    """The share of one channel over all classes, as it would be under another belief."""

    alternative: str = pa.Field(
        isin=["unseen ties", "unseen users", "tie weights"],
        description="'unseen ties': a part of the ties, 0.3 (0.15 to 0.48), was seen by nobody; "
        "'unseen users': users whom no mention singles out exposed others over stated ties, each "
        "with the ledger's probability; 'tie weights': each tie has a factor on its stated weight, "
        "gamma around 1 (0.18 to 2.4)",
    )
    channel: str = pa.Field(description="of ties; 'a = b' where two are alike; 'not by network'")
    mean: float = pa.Field(ge=0, le=1)
    low: float = pa.Field(ge=0, le=1)
    high: float = pa.Field(ge=0, le=1)


class DiffusionHazard(Table):
    """The rate of first use of one class in one step of the window."""

    technology: str = pa.Field(isin=TECHNOLOGIES)
    from_date: pl.Date
    to_date: pl.Date
    at_risk: float = pa.Field(ge=0, metadata=unit("organisations"))
    hazard: float = pa.Field(nullable=True, metadata=unit("first uses per organisation and month"))
    low: float = pa.Field(nullable=True)
    high: float = pa.Field(nullable=True)
    by_network: float = pa.Field(nullable=True, ge=0, le=1, description="part of the hazard")
    adopted: float = pa.Field(ge=0, description="first uses in the step, expected")
    expected: float = pa.Field(ge=0, description="by the model until to_date")


class NextAdopter(Table):
    """The chance that an organisation, which likely does not use a class, does so soon.

    It is of a first use of which reports will say that it was this organisation. `probability` and
    its interval are by the `model` that the data support. `without_network` and `without_ended` are
    by the same model in the same draws, so neither exceeds `probability`; both are equal to it
    under the model without ties, from which there is nothing to take. What begins with `ties_model`
    is by the model with ties, whether or not the data show that ties matter: where they do not, it
    is another fit, above or below `probability`, and no difference between the two means anything.
    """

    actor_id: str
    actor: str
    technology: str = pa.Field(isin=TECHNOLOGIES)
    territory: str
    gwno: int = pa.Field(ge=1)
    origin: pl.Date = pa.Field(description="last day of which the territory's incidents tell")
    months: int = pa.Field(ge=1)
    rank: int = pa.Field(ge=1, description="among all, within these months")
    model: str = pa.Field(
        isin=MODELS,
        description="of probability, low and high; without ties where they are not shown to matter",
    )
    probability: float = pa.Field(ge=0, le=1)
    low: float = pa.Field(ge=0, le=1)
    high: float = pa.Field(ge=0, le=1)
    without_network: float = pa.Field(
        ge=0, le=1, description="probability, with the ties' part taken out of the rate"
    )
    without_ended: float = pa.Field(
        ge=0, le=1, description="probability, if support whose source has ended carried nothing"
    )
    ties_model_probability: float = pa.Field(
        ge=0, le=1, description="by the model with ties, whether or not the data show them"
    )
    first_uses: float = pa.Field(
        ge=0,
        description="of this class by all organisations in the window, on which the rate rests, "
        "expected; at 0 it rests on what is held beforehand and on the time without any",
    )
    ties_model_strongest: str = pa.Field(
        description="the ties that add most to the rate of the model with ties, each with its part "
        "of it, strongest first; whether the data show that ties matter is in `model`"
    )


class DiffusionExpected(Table):
    """How many organisations are expected to use a class for the first time, by all of its rows.

    This is over the rows of `next_adopters`, by the same model as `probability` there. Which of
    the organisations the unascribed uses are by is not known, so they stand here and not there.
    """

    technology: str = pa.Field(description="a technology class, or 'all'")
    months: int = pa.Field(ge=1)
    ascribed: float = pa.Field(
        ge=0, metadata=unit("first uses"), description="of which reports will say whose they were"
    )
    ascribed_low: float = pa.Field(ge=0, description="5 % quantile of the number itself")
    ascribed_high: float = pa.Field(ge=0, description="95 % quantile")
    whole: float = pa.Field(
        ge=0,
        metadata=unit("first uses"),
        description="ascribed or not, if reports ascribe the part of the users that they ascribed "
        "so far by the ledger, whose prior this rests on",
    )
    whole_low: float = pa.Field(ge=0)
    whole_high: float = pa.Field(ge=0)


class DiffusionCut(Table):
    """How many fewer first uses there would be if a channel carried less, if it is causal."""

    channel: str
    cut: float = pa.Field(gt=0, le=1, description="share by which it is slowed")
    thins_ties: bool = pa.Field(description="the alternative in which ties thin with sponsors")
    months: int = pa.Field(ge=1)
    expected: float = pa.Field(ge=0, description="first uses without the cut")
    fewer: float
    low: float
    high: float


class DiffusionRecord(Table):
    """How the chances did, out of sample: a fit to what was known at each origin.

    Brier scores (1950); lower is better. The row of the window 'all' has the skill.
    """

    window: str = pa.Field(description="the origin's day, or 'all'")
    months: int = pa.Field(ge=1)
    n: int = pa.Field(ge=1, metadata=unit("organisations × classes × imputations"))
    events: float = pa.Field(ge=0, description="first uses that came, mean over imputations")
    expected_network: float = pa.Field(
        ge=0,
        metadata=unit("first uses"),
        description="what the chances of `network` add up to, mean over imputations",
    )
    expected_territory: float = pa.Field(
        ge=0, metadata=unit("first uses"), description="what those of `territory` add up to"
    )
    network: float = pa.Field(ge=0, le=1)
    territory: float = pa.Field(ge=0, le=1, description="the same without the network")
    overall: float = pa.Field(ge=0, le=1, description="one rate a class")
    recent: float = pa.Field(ge=0, le=1, description="one rate a class, of the last five years")
    skill: float = pa.Field(nullable=True, le=1, description="against the best of the others")
    skill_low: float = pa.Field(nullable=True, le=1)
    skill_high: float = pa.Field(nullable=True, le=1)


class DiffusionHindcast(Table):
    """What was told of one organisation and class at a past origin, and whether it came."""

    origin: pl.Date
    months: int = pa.Field(ge=1)
    actor_id: str
    technology: str = pa.Field(isin=TECHNOLOGIES)
    territory: str
    gwno: int = pa.Field(ge=1)
    probability: float = pa.Field(
        ge=0, le=1, description="with the network where the data show it, else without ties"
    )
    reference: float = pa.Field(ge=0, le=1, description="one rate a class")
    came: bool = pa.Field(description="in at least half of the imputations in which it was at risk")


class DiffusionGrowth(Table):
    """Growth in use: from a first use to an established one (five expected uses), by channel.

    There are no rows where fewer than three uses grew. The numbers of the whole stand in each row.
    """

    channel: str = pa.Field(description="of ties; 'a = b' where two are alike; 'not by network'")
    mean: float = pa.Field(ge=0, le=1, description="share of the uses that grew")
    low: float = pa.Field(ge=0, le=1)
    high: float = pa.Field(ge=0, le=1)
    upper: float = pa.Field(ge=0, le=1, description="95 % bound of the part of uses like these")
    users: int = pa.Field(ge=1, metadata=unit("organisations × classes"))
    grown: int = pa.Field(ge=1, metadata=unit("organisations × classes"))
    rate: float = pa.Field(ge=0, metadata=unit("grown per user and month"))
    rate_low: float = pa.Field(ge=0)
    rate_high: float = pa.Field(ge=0)
    shown: bool = pa.Field(description="the network beats its controls; past chances are not asked")
    missed: str = pa.Field(description="of CONTROLS, those that are not beaten, space between")
    r_hat: float = pa.Field(gt=0, description="as in `diffusion_verdict`")


class TechnologyCouse(Table):
    """How many organisations have two classes, and how many would if classes were independent."""

    one: str = pa.Field(isin=TECHNOLOGIES)
    other: str = pa.Field(isin=TECHNOLOGIES)
    users_one: float = pa.Field(ge=0, metadata=unit("organisations × territories, expected"))
    users_other: float = pa.Field(ge=0, metadata=unit("organisations × territories, expected"))
    both: float = pa.Field(ge=0, metadata=unit("organisations × territories, expected"))
    low: float = pa.Field(ge=0)
    high: float = pa.Field(ge=0)
    independent: float = pa.Field(ge=0, description="expected of both, within territories")


class TechnologySynchrony(Table):
    """Whether two classes, or two domains, are used in the same quarters."""

    kind: str = pa.Field(isin=("class", "domain"))
    one: str
    other: str
    territories: int = pa.Field(
        ge=1, description="in which both are used, over three years or more"
    )
    quarters: int = pa.Field(ge=1)
    correlation: float = pa.Field(
        ge=-1, le=1, description="of log(1 + uses) by quarter, within territories"
    )
    independent: float = pa.Field(ge=-1, le=1, description="mean, if seasons were independent")
    independent_low: float = pa.Field(ge=-1, le=1)
    independent_high: float = pa.Field(ge=-1, le=1)
    p: float = pa.Field(ge=0, le=1, description="of independent seasons")
    p_holm: float = pa.Field(
        ge=0, le=1, description="the same, for all rows of the table together (Holm 1979)"
    )


class TechnologyPortfolio(Table):
    """With what probability an organisation had a class at the end of a year."""

    actor_id: str
    actor: str
    technology: str = pa.Field(isin=TECHNOLOGIES)
    territory: str
    gwno: int = pa.Field(ge=1)
    year: int = pa.Field(ge=1900, le=2200)
    probability: float = pa.Field(ge=0, le=1, description="that it has it by then")
    disused: float = pa.Field(ge=0, le=1, description="that it stopped, given that it had it")


class CapabilityIndex(Table):
    """One dimension of what an organisation could do in a year, from 0 to 1 among all."""

    actor_id: str
    actor: str
    territory: str
    gwno: int = pa.Field(ge=1)
    year: int = pa.Field(ge=1900, le=2200)
    dimension: str = pa.Field(isin=CAPABILITIES)
    mean: float = pa.Field(ge=0, le=1)
    low: float = pa.Field(ge=0, le=1)
    high: float = pa.Field(ge=0, le=1)
    n_incidents: int = pa.Field(ge=1)
