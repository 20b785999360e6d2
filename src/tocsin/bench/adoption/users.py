"""Users of a class, measured on a region that is left out of fitting their weights.

The weights of `tocsin.assess.technology.mentions.users` are fitted again on the labels of all other
regions; the rules of reading stay as they are, and were made on Syria and the Central African
Republic only. Beside it stand the shares that users of the class have in the other regions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from tocsin.assess.technology.mentions.reading import read
from tocsin.assess.technology.mentions.users import ANSWERS, EVIDENCE, features
from tocsin.assess.technology.tags import SHOWS
from tocsin.bench.mentions.predictions import facts_of, region_number
from tocsin.bench.mentions.scores import USER_OF
from tocsin.errors import require

RIDGE = {"role": 0.5, "evidence": 0.05}
"""Weight of the penalty on how often a role is the user, and on what speaks for an answer."""
HELD = {"took_it": -2.0, "nobody_else": -1.5, "lacks_it": -3.0}
"""What is held of three kinds of evidence of which the labels have hardly a case: who shot a class
down or seized it was not the one who had it; where no other state fights, a third party is seldom
the user; and a state that is known to have lacked a class did not attack with it. **Judgements**;
the penalty is on the distance from them."""
HELD_RIDGE = 0.5
APART = 0.7
"""Standard deviation of the regions' differences in how often a role is the user of a class: as
large as `possession` takes those of having one. An assumption, not a fit."""
BINS = 10
DRAWS = 400
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Case:
    """One labelled mention whose user is known.

    Attributes:
        region: of the labels.
        technology: the class.
        text: the SHA-256 of its text; rows of one text are one case of a bootstrap.
        told: the features of each of `ANSWERS`; None where the answer cannot be.
        allowed: whether each answer is right by the label.
    """

    region: str
    technology: str
    text: str
    told: list[Mapping[str, float] | None]
    allowed: list[bool]


def cases_of(rows: pl.DataFrame) -> list[Case]:
    """Take the mentions whose user is known from labels with texts.

    Args:
        rows: of `labels.with_texts`.

    Returns:
        Those that tell of a use, or show that the class was there, and whose user can be one of the
        answers.
    """
    shows = (pl.col("is_class") == "1") & pl.col("said").is_in(SHOWS)
    known = rows.filter((pl.col("use") | shows) & pl.col("user").is_in(list(USER_OF)))
    found = []
    for row in known.iter_rows(named=True):
        number = region_number(row["region"])
        facts = facts_of(row, number)
        said = [
            one
            for one in read(row["text"], facts.setting)
            if one.technology == row["technology"] and one.part == row["part"]
        ]
        by, against = (said[0].by, said[0].against) if said else (None, None)
        if said:
            facts = facts_of(row, number, said[0].said)
        told = features(row["technology"], by, against, facts)
        allowed = [answer in USER_OF[row["user"]] for answer in ANSWERS]
        if any(one and there is not None for one, there in zip(allowed, told, strict=True)):
            found.append(Case(row["region"], row["technology"], row["sha256"], told, allowed))
    return found


def fit_weights(cases: Sequence[Case]) -> dict[str, float]:
    """Fit the weight of each feature: conditional logit with a ridge penalty.

    How often a role is the user of a class differs by region, with the standard deviation `APART`
    about a mean over all regions (random effects, Gelman and Hill 2007, chapter 13; here at their
    posterior mode). The mean is what is given: it is what another region is to expect, and one
    region with many labels does not set it alone.

    Args:
        cases: of `cases_of`.

    Returns:
        Feature to weight; those of `HELD` stand even without a case.
    """
    minimize = require("scipy.optimize", extra="assess").minimize
    names = sorted({*HELD, *(name for one in cases for row in one.told if row for name in row)})
    design = np.stack([_design(one, names) for one in cases])
    there = np.array([[row is not None for row in one.told] for one in cases])
    truth = np.array([one.allowed for one in cases])
    centre = np.array([HELD.get(name, 0.0) for name in names])
    ridge = np.array(
        [HELD_RIDGE if n in HELD else RIDGE["evidence" if n in EVIDENCE else "role"] for n in names]
    )

    regions = sorted({one.region for one in cases})
    where = np.array([regions.index(one.region) for one in cases])
    is_role = np.array([name not in HELD and name not in EVIDENCE for name in names])
    roles = design[:, :, is_role]

    def loss(both: Floats) -> tuple[float, Floats]:
        weight, apart = both[: len(names)], both[len(names) :].reshape(len(regions), -1)
        given = _softmax(design @ weight + np.einsum("nak,nk->na", roles, apart[where]), there)
        right = given * truth
        total = np.maximum(right.sum(axis=1), 1e-9)
        off = given - right / total[:, None]
        by_region = apart / APART**2
        np.add.at(by_region, where, np.einsum("na,nak->nk", off, roles))
        slope = np.einsum("na,nak->k", off, design) + 2 * ridge * (weight - centre)
        far = (ridge * (weight - centre) ** 2).sum() + (apart**2).sum() / (2 * APART**2)
        return float(-np.log(total).sum() + far), np.concatenate([slope, by_region.ravel()])

    start = np.concatenate([centre, np.zeros(len(regions) * int(is_role.sum()))])
    found = minimize(loss, start, jac=True, method="L-BFGS-B").x[: len(names)]
    return dict(zip(names, found.tolist(), strict=True))


def left_out(
    cases: Sequence[Case], known: Sequence[Case] | None = None, beside: Sequence[Case] = ()
) -> list[dict[str, Any]]:
    """Score the users of each region by weights that were fitted on the other regions.

    Args:
        cases: of `cases_of`, of two regions and more unless `known` is given.
        known: on which weights are fitted, without those of the region; default: `cases`.
        beside: on which they are fitted, too, such as made texts; no share is taken of them.

    Returns:
        A row a region, and one of all: `region, n, accuracy, log_score`, those of the shares that
        users have elsewhere (`accuracy_shares, log_score_shares`), how many first answers have 0.5
        and more and the share of these that is right (`told, precision`), and the debiased
        calibration error of the first answer with its 95 % bootstrap interval over texts
        (`calibration, low, high`).
    """
    regions = sorted({one.region for one in cases})
    ours: list[Floats] = []
    plain: list[Floats] = []
    order: list[Case] = []
    rows = []
    for region in regions:
        mine = [one for one in cases if one.region == region]
        others = [one for one in known or cases if one.region != region]
        held = fit_weights([*others, *beside])
        given = np.stack([_user_chances(one, held) for one in mine])
        shares = np.stack([_shares(one, others) for one in mine])
        rows.append({"region": region} | _scores(mine, given, shares))
        ours.append(given)
        plain.append(shares)
        order += mine
    return [*rows, {"region": "all"} | _scores(order, np.concatenate(ours), np.concatenate(plain))]


def debiased_error(p: Floats, right: Floats, bins: int = BINS) -> float:
    """Compute the calibration error (root of the mean square), without the bias of few cases.

    Kumar, Liang and Ma (2019), Verified uncertainty calibration, NeurIPS: bins of equal size, from
    the square of each bin's distance its sampling variance is taken.

    Args:
        p: shape (n,), the probability of the answer that came first.
        right: shape (n,), 1 where it was right.
        bins: how many.

    Returns:
        The error, 0 where sampling alone explains the distances.
    """
    total = 0.0
    for part in np.array_split(np.argsort(p, kind="stable"), min(bins, max(p.size // 2, 1))):
        mean = right[part].mean()
        spare = mean * (1 - mean) / max(part.size - 1, 1)
        total += part.size / p.size * ((p[part].mean() - mean) ** 2 - spare)
    return float(np.sqrt(max(total, 0.0)))


def _scores(cases: Sequence[Case], given: Floats, shares: Floats) -> dict[str, Any]:
    truth = np.array([one.allowed for one in cases])
    found: dict[str, Any] = {"n": len(cases)}
    for name, p in (("", given), ("_shares", shares)):
        first = truth[np.arange(len(p)), p.argmax(axis=1)]
        found[f"accuracy{name}"] = float(first.mean())
        found[f"log_score{name}"] = float(np.log(np.maximum((p * truth).sum(axis=1), 1e-9)).mean())
    sure = given.max(axis=1)
    right = truth[np.arange(len(given)), given.argmax(axis=1)].astype(float)
    likely = right[sure >= 0.5]
    found |= {"told": likely.size, "precision": float(likely.mean()) if likely.size else np.nan}
    rng = np.random.default_rng(0)
    texts: dict[str, list[int]] = {}
    for place, one in enumerate(cases):
        texts.setdefault(one.text, []).append(place)
    places = [np.array(one) for one in texts.values()]
    scattered = []
    for _ in range(DRAWS):
        pick = np.concatenate([places[i] for i in rng.integers(0, len(places), len(places))])
        scattered.append(debiased_error(sure[pick], right[pick]))
    low, high = np.quantile(scattered, [0.025, 0.975])
    error = debiased_error(sure, right)
    return found | {"calibration": error, "low": float(low), "high": float(high)}


def _user_chances(case: Case, held: Mapping[str, float]) -> Floats:
    scores = [
        -np.inf if row is None else sum(v * held.get(k, 0.0) for k, v in row.items())
        for row in case.told
    ]
    there = np.array([row is not None for row in case.told])
    return _softmax(np.array(scores), there)


def _shares(case: Case, others: Sequence[Case]) -> Floats:
    """How often each answer is the user of the class elsewhere, smoothed by one."""
    same = [one for one in others if one.technology == case.technology and sum(one.allowed) == 1]
    count = 1.0 + np.sum([one.allowed for one in same], axis=0) if same else np.ones(len(ANSWERS))
    there = np.array([row is not None for row in case.told])
    return np.asarray(count * there / (count * there).sum())


def _design(case: Case, names: Sequence[str]) -> Floats:
    return np.array([[(row or {}).get(name, 0.0) for name in names] for row in case.told])


def _softmax(scores: Floats, there: Floats) -> Floats:
    masked = np.where(there, scores, -np.inf)
    p = np.exp(masked - masked.max(axis=-1, keepdims=True))
    return np.asarray(p / p.sum(axis=-1, keepdims=True))
