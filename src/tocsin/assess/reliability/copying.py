"""Which source copies which, and how much a copied vote still counts.

After Dong, Berti-Equille and Srivastava (2009), Integrating conflicting data: the role of
source dependence, VLDB 2(1). Two independent sources that are mostly right agree on what is
true; agreeing on what is false is rare. A pair that shares more errors than its two accuracies
explain, or whole sentences, is dependent. Who copies whom: the one that has little of its own,
and whose dates run later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.assess.reliability.dawid_skene import Floats
from tocsin.assess.reliability.votes import FALSE_VALUES, Testimony, Votes, pairs

PRIOR = 0.1
"""Belief that a given pair of sources is dependent, before looking."""
RATES = np.array([0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
"""Shares of copied values that are tried."""
SHARED_WORDS = 0.01
"""Chance that two independent headlines of one event are the same text of five words or more."""
LEAST_WORDS = 5
MOST_SAID = 50.0
"""What is said for a value counts up to this power of e; more would leave no digits for others."""
SURE = 0.9
"""From this probability on a source is called a copier."""


@dataclass(frozen=True)
class Copying:
    """What is known of each pair of S sources.

    Attributes:
        probability: shape (S, S), that the row copies the column.
        rate: shape (S, S), the share of the row's values that are copied then.
        shared: shape (S, S), votes on the same item.
    """

    probability: Floats
    rate: Floats
    shared: Floats

    def copies(self, who: int) -> int | None:
        """Return the source that a source most surely copies; None if no source is above `SURE`.

        Args:
            who: the number of the source.

        Returns:
            The number of the copied source, or None.
        """
        best = int(self.probability[who].argmax())
        return best if self.probability[who, best] >= SURE else None


def nobody_copies(sources: int) -> Copying:
    """Make the `Copying` of so many sources before anything is known: all zeros."""
    nothing = np.zeros((sources, sources))
    return Copying(nothing, nothing, nothing)


def copying(said: Testimony, cast: Mapping[str, tuple[Votes, Floats, Floats]]) -> Copying:
    """Judge for every pair of S sources whether one copies the other.

    The method follows Dong, Berti-Equille and Srivastava (2009), Integrating conflicting data: the
    role of source dependence, VLDB 2(1).

    Args:
        said: what the sources said.
        cast: for each attribute the votes and, both of shape (n,), the accuracy of each vote's
            cell and how independent the vote is thought to be so far.

    Returns:
        Probabilities and rates, each of shape (S, S).
    """
    n = len(said.sources)
    evidence, shared = np.zeros((n, n, RATES.size)), np.zeros((n, n))
    for attribute, (votes, accuracy, own) in cast.items():
        voice = own * np.log(FALSE_VALUES[attribute] * accuracy / (1 - accuracy))
        _weigh(evidence, shared, votes, accuracy, voice=voice, wrong=FALSE_VALUES[attribute])
    evidence += _wording(said)
    evidence += evidence.transpose(1, 0, 2)
    top = evidence.max(axis=2)
    # Each rate is as likely as the others; none at all has 1 − PRIOR.
    mass = np.exp(evidence - top[..., None])
    odds = np.log(PRIOR / (1 - PRIOR)) + top + np.log(mass.mean(axis=2))
    dependent = 1 / (1 + np.exp(-np.maximum(odds, -60)))
    rate = (mass * RATES).sum(axis=2) / mass.sum(axis=2)
    shared = shared + shared.T
    dependent[shared == 0] = 0.0
    first = _copier_is_row(said)
    return Copying(np.where(first, dependent, 0.0), np.where(first, rate, 0.0), shared)


def voices(votes: Votes, accuracy: Floats, found: Copying) -> Floats:
    """Tell how independent each vote is: 1 for an own voice, near 0 for a copied value.

    Args:
        votes: on one attribute.
        accuracy: shape (n,), of the cell of each vote.
        found: which source copies which.

    Returns:
        Shape (n,): the product over all originals that agree of the chance that this vote
        is not their copy.
    """
    own = np.ones(votes.item.size)
    one, two = pairs(votes.item)
    same = votes.value[one] == votes.value[two]
    for a, b in ((one[same], two[same]), (two[same], one[same])):
        p, rate = (table[votes.who[a], votes.who[b]] for table in (found.probability, found.rate))
        chance = accuracy[a] * accuracy[b]
        copied = rate / np.maximum(rate + (1 - rate) * chance, 1e-12)
        np.multiply.at(own, a, 1 - p * copied)
    return own


def _weigh(
    evidence: Floats,
    shared: Floats,
    votes: Votes,
    accuracy: Floats,
    *,
    voice: Floats,
    wrong: float,
) -> None:
    """Add to `evidence` the log likelihood ratio of copying at each rate to independence."""
    one, two = pairs(votes.item)
    if not one.size:
        return
    said = votes.weight * voice
    score = np.bincount(votes.value, said, votes.owner.size)
    # What the others make of the value, leaving both votes out.
    values = np.exp(np.minimum(score, MOST_SAID))
    unsaid = np.maximum(wrong + 1 - np.bincount(votes.owner), 0.5)
    everything = np.bincount(votes.owner, values) + unsaid
    value, item = votes.value[one], votes.item[one]
    agree = value == votes.value[two]
    others = np.exp(np.minimum(score[value] - said[one] - said[two], MOST_SAID))
    p = others / (everything[item] - values[value] + others)
    a, b = accuracy[one], accuracy[two]
    both_right, both_wrong = p * a * b, (1 - p) * (1 - a) * (1 - b) / wrong
    by_chance = both_right + both_wrong
    # The one copied is right with p, wrong in this very way with the rest.
    original = p * (a + b) / 2 + (1 - p) * (1 - (a + b) / 2) / wrong
    weight = votes.weight[one] * votes.weight[two]
    pair = votes.who[one] * shared.shape[0] + votes.who[two]
    size = shared.size
    shared += np.bincount(pair, weight, size).reshape(shared.shape)
    for k, rate in enumerate(RATES):
        if_agree = np.log((rate * original + (1 - rate) * by_chance) / by_chance)
        ratio = np.where(agree, if_agree, np.log(1 - rate))
        evidence[:, :, k] += np.bincount(pair, weight * ratio, size).reshape(shared.shape)


def _wording(said: Testimony) -> Floats:
    """The same of whole headlines that are the same text."""
    n = len(said.sources)
    evidence = np.zeros((n, n, RATES.size))
    text = said.spoken.filter(pl.col("headline").str.count_matches(r"\w+") >= LEAST_WORDS).select(
        "item", "who", pl.col("headline").str.to_lowercase().str.strip_chars().alias("text")
    )
    one, two = pairs(text["item"].to_numpy())
    if not one.size:
        return evidence
    who = text["who"].to_numpy()
    words = text["text"].to_physical().rank("dense").to_numpy()
    same = words[one] == words[two]
    pair = who[one] * n + who[two]
    equal = np.bincount(pair, same, n * n).reshape(n, n)
    unequal = np.bincount(pair, ~same, n * n).reshape(n, n)
    for k, rate in enumerate(RATES):
        # A copier of values keeps the words only half of the time.
        kept = rate / 2
        evidence[:, :, k] = equal * np.log(
            (kept + (1 - kept) * SHARED_WORDS) / SHARED_WORDS
        ) + unequal * np.log(1 - kept)
    return evidence


def _copier_is_row(said: Testimony) -> np.ndarray:
    """Which of two would be the copier: shape (S, S), true in exactly one of each pair.

    The one with fewer incidents that the other lacks; its dates, where they differ, run later.
    """
    n = len(said.sources)
    who, item = said.spoken["who"].to_numpy(), said.spoken["item"].to_numpy()
    days = said.spoken["date_start"].to_physical().to_numpy().astype(float)
    total = np.bincount(who, minlength=n).astype(float)
    one, two = pairs(item)
    pair = who[one] * n + who[two]
    common = np.bincount(pair, minlength=n * n).reshape(n, n).astype(float)
    common = common + common.T
    gap = days[one] - days[two]
    lag = np.bincount(pair, np.sign(gap), n * n).reshape(n, n)
    lag = lag - lag.T
    differ = np.bincount(pair, gap != 0, n * n).reshape(n, n)
    differ = differ + differ.T
    own = np.log((total[:, None] - common + 5) / total[:, None].clip(1))
    # More of its own speaks for the original; later dates for the copier.
    score = (own.T - own) + 2 * lag / (differ + 5)
    ahead = np.triu(score >= 0, 1)
    return np.asarray(ahead | np.tril(~ahead.T, -1))
