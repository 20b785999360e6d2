"""Weekly incidents and their sizes, simulated by the whole regional model from the wide priors."""

from __future__ import annotations

import hashlib
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from tocsin.base.atomic import replace
from tocsin.base.cache import code
from tocsin.plan.calibration.inferred import BOX, PLACES
from tocsin.plan.calibration.summaries import Watched, summarise
from tocsin.plan.region.chance import Noise, draw_noise, future_keys, number_of
from tocsin.plan.region.guests import mechanism
from tocsin.plan.region.levels import held_levels
from tocsin.plan.region.mechanisms.order import ORDER
from tocsin.plan.region.mechanisms.threat import persistence, severity
from tocsin.plan.region.model import COMPILATION, Begun, advance, begin, drift_levels
from tocsin.plan.region.outcomes import QUARTER, YEAR
from tocsin.plan.region.parameters import PARAMETERS, draw
from tocsin.plan.region.start.spread import Spread
from tocsin.plan.region.state import LETHAL, State, World
from tocsin.schema.step import Tell, say_nothing
from tocsin.schema.vocabulary.lever import LEVERS
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

if TYPE_CHECKING:
    import numpy.typing as npt

    from tocsin.plan.posterior import Posterior

    Floats = npt.NDArray[np.float64]

WARMING = YEAR
"""Weeks that are played before those that are watched, so that echoes have their own level. In them
the level is held; from then on it lasts, fades and ends as the model has it (`persistence.py`)."""
AT_ONCE = 256
"""Worlds that are played at once."""
SCALED = 4
"""Times that worlds are played until they have as many incidents as is wanted."""
MOST_SIZES = 10_000
"""Sizes of a world beyond which no more are drawn: they would add nothing to its summaries."""
CAPABILITY = (0.1, 0.6)
"""The range of capability at the start, from unseen to much used (`start.py`)."""


class Setting(NamedTuple):
    """This is the region in which worlds are played, as far as the data give it."""

    border: npt.NDArray[np.float32]
    """Share of each neighbour in what reaches a territory, shape (N, N); rows sum to 0 or 1."""
    weeks: int
    """How many are watched, whole quarters of 13."""
    levels: tuple[float, float]
    """Deaths a week of a territory: the level of each is drawn between these, evenly in logs."""


class Worlds(NamedTuple):
    """These are simulated worlds: what was true of each, and what was seen of it."""

    truth: Floats
    """The inferred parameters, shape (S, D)."""
    seen: Floats
    """Summaries, shape (S, C)."""


def simulate_worlds(
    setting: Setting,
    numbers: npt.NDArray[np.int64],
    *,
    seed: int,
    keep: Path | None = None,
    tell: Tell = say_nothing,
) -> Worlds:
    """Draw parameters and levels from the wide priors, play the model, and summarise incidents.

    A world belongs to its number and the seed, whatever others are played beside it.

    Args:
        setting: the region.
        numbers: which worlds, whole numbers of shape (S,).
        seed: start of all random numbers.
        keep: a folder in which each chunk is kept when it is done; work that was stopped goes on
            from there. What belongs to other inputs or other code is not taken.
        tell: is told what part is done.

    Returns:
        The worlds, in the order of their numbers.
    """
    parts = []
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        file = None if keep is None else keep / f"{_digest(setting, some, seed)}.npz"
        parts.append(_read_kept(file) or _keep(_simulate(setting, some, seed), file))
        tell("Simulating", min(1.0, (start + AT_ONCE) / len(numbers)))
    return Worlds(*(np.concatenate(one) for one in zip(*parts, strict=True)))


def _simulate(setting: Setting, numbers: npt.NDArray[np.int64], seed: int) -> Worlds:
    """Play at most `AT_ONCE` worlds."""
    # A short chunk is filled with its own last world: one program serves all.
    filled = np.concatenate([numbers, np.repeat(numbers[-1:], AT_ONCE - len(numbers))])
    values, begun = draw_worlds(setting, filled, seed)
    counts = np.asarray(_weeks(seed, filled, values, begun, weeks=setting.weeks))
    seen = []
    for place, number in enumerate(numbers):
        own = counts[..., place].astype(np.float64)
        sizes = draw_sizes(values[:, place], own.sum(), _random(seed, number, "sizes"))
        seen.append(summarise(Watched(own, sizes, setting.border)))
    return Worlds(values[PLACES, : len(numbers)].T.astype(np.float64), np.stack(seen))


def draw_worlds(
    setting: Setting, numbers: npt.NDArray[np.int64], seed: int
) -> tuple[npt.NDArray[np.float32], Begun]:
    """Draw what is not known of worlds: parameters, levels and capabilities.

    Args:
        setting: the region, with N territories.
        numbers: which worlds, shape (F,).
        seed: start of all random numbers.

    Returns:
        A value for each of `PARAMETERS`, shape (Q, F), and where the runs begin, with capability of
        the shape (N, K, F).
    """
    values = np.array(draw(seed, numbers, PARAMETERS, posterior=None))
    low, high = np.log(setting.levels)
    N, K, F = len(setting.border), len(TECHNOLOGIES), len(numbers)
    level = np.empty((N, F), np.float32)
    capability = np.empty((N, K, F), np.float32)
    for place, number in enumerate(numbers):
        random = _random(seed, number, "start")
        values[PLACES, place] = BOX[:, 0] + (BOX[:, 1] - BOX[:, 0]) * random.random(len(BOX))
        level[:, place] = np.exp(random.uniform(low, high, N))
        capability[..., place] = random.uniform(*CAPABILITY, (N, K))
    return values, _begin_worlds(setting, level, capability)


def play_worlds(
    setting: Setting, posterior: Posterior, *, wanted: Floats, worlds: int, seed: int
) -> list[Watched]:
    """Play worlds whose parameters are drawn from a posterior, at a given level of violence.

    The level of each is scaled in its own chance until it has about as many incidents as wanted:
    what is compared with data then differs in its course, and not in its amount.

    Args:
        setting: the region, with N territories.
        posterior: the other parameters are drawn from their priors.
        wanted: incidents a week, shape (N,).
        worlds: how many.
        seed: start of all random numbers.

    Returns:
        What was seen of each.
    """
    numbers = np.arange(worlds)
    values = np.array(draw(seed, numbers, PARAMETERS, posterior=posterior))
    each = values[[one.name for one in PARAMETERS].index("deaths_each")]
    level = (wanted[:, None] * each).astype(np.float32)
    shape = (len(wanted), len(TECHNOLOGIES), worlds)
    capability = _random(seed, 0, "capability").uniform(*CAPABILITY, shape).astype(np.float32)
    little = 1.0 / setting.weeks
    counts = np.empty(0)
    for _ in range(SCALED):
        begun = _begin_worlds(setting, level, capability)
        counts = np.asarray(_weeks(seed, numbers, values, begun, weeks=setting.weeks))
        ratio = (wanted[:, None] + little) / (counts.mean(0) + little)
        level = (level * np.clip(ratio, 0.2, 5.0)).astype(np.float32)
    return [
        Watched(
            counts[..., place].astype(np.float64),
            draw_sizes(values[:, place], counts[..., place].sum(), _random(seed, place, "sizes")),
            setting.border,
        )
        for place in numbers
    ]


def _begin_worlds(setting: Setting, level: Any, capability: Any) -> Begun:
    """Where worlds begin: levels (N, F) and capabilities (N, K, F) of their own."""
    N = len(setting.border)
    return Begun(
        level, np.ones((N, 1), np.float32), capability, setting.border.astype(np.float32),
        **Spread().of_futures(), held=held_levels(), record=persistence.USUAL_RECORD,
    )  # fmt: skip


def draw_sizes(
    values: npt.NDArray[np.float32], incidents: float, random: np.random.Generator
) -> Floats:
    """Draw the deaths of each incident as the severity mechanism has them, at least one.

    Args:
        values: of one world, shape (Q,).
        incidents: how many there were.
        random: source of random numbers; it is moved on.

    Returns:
        Whole numbers, shape (min(incidents, MOST_SIZES),).
    """
    p = dict(zip((one.name for one in PARAMETERS), values.astype(float), strict=True))
    shape = p["tail"] - 1.0
    least = severity.smallest(shape, p["deaths_each"])
    drawn = least * (1.0 - random.random(int(min(incidents, MOST_SIZES)))) ** (-1.0 / shape)
    return np.asarray(np.maximum(np.floor(np.minimum(drawn, severity.LARGEST) + 0.5), 1.0))


@partial(jax.jit, static_argnames="weeks", compiler_options=COMPILATION)
def _weeks(seed: Any, numbers: Any, values: Any, begun: Begun, *, weeks: int) -> jax.Array:
    """Deadly incidents of each week under the status quo, shape (weeks, N, F)."""
    p = {item.name: values[place] for place, item in enumerate(PARAMETERS)}
    N, F = begun.level.shape[0], numbers.shape[0]
    lifted = begun._replace(
        level=begun.level[:, None, None, :], sizes=begun.sizes[:, None, None, :],
        capability=begun.capability[:, :, None, :],
        channels=begun.channels[:, :, None, :], pace=begun.pace[None, :, None, :],
    )  # fmt: skip
    world, first = begin(p, lifted, LEVERS)
    first = State(*(jnp.broadcast_to(one, (*one.shape[:2], 1, F)) for one in first))
    keys = future_keys(seed, numbers)
    drawn = {name: mechanism(name).noise for name in ORDER if mechanism(name).noise}
    lever = {name: begun.held[place] for place, name in enumerate(LEVERS)}

    quarters = (WARMING + weeks) // QUARTER
    drift = drift_levels(p, begun, keys, quarters)

    def week(world: World, state: State, noise: dict[str, Noise]) -> tuple[State, jax.Array]:
        state = advance(p, lever, world, state, noise)
        return state, state.incidents[:, :LETHAL, 0].sum(1)

    def quarter(state: State, number: Any) -> tuple[State, jax.Array]:
        noise = draw_noise(keys, number * QUARTER + jnp.arange(QUARTER), drawn, N)
        change = drift[number] - drift[jnp.maximum(number - 1, 0)]
        now, state = persistence.move(world, state, drift[number], change)
        return jax.lax.scan(partial(week, now), state, noise)

    _, seen = jax.lax.scan(quarter, first, jnp.arange(quarters))
    return seen.reshape(-1, N, F)[WARMING:]


def _random(seed: int, number: int | np.integer, what: str) -> np.random.Generator:
    """The random numbers of one world for one thing."""
    return np.random.default_rng([seed, int(number), number_of(what)])


def _digest(setting: Setting, numbers: npt.NDArray[np.int64], seed: int) -> str:
    """A name for all that a chunk's worlds depend on, the code of the model among it."""
    found = hashlib.sha256(code_digest().encode())
    found.update(setting.border.astype(np.float32).tobytes() + numbers.tobytes())
    found.update(repr((setting.border.shape, setting.weeks, setting.levels, seed, BOX)).encode())
    return found.hexdigest()


@cache
def code_digest() -> str:
    """The SHA-256 of all code that worlds depend on: the regional model, and how it is watched."""
    room = Path(__file__).parent
    found = hashlib.sha256(code(room.parent / "region").encode())
    for name in ("simulate.py", "summaries.py"):
        found.update((room / name).read_bytes())
    return found.hexdigest()


def _keep(worlds: Worlds, file: Path | None) -> Worlds:
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        with replace(file) as part, part.open("wb") as out:
            np.savez(out, truth=worlds.truth, seen=worlds.seen)
    return worlds


def _read_kept(file: Path | None) -> Worlds | None:
    if file is None or not file.is_file():
        return None
    with np.load(file, allow_pickle=False) as held:
        return Worlds(held["truth"], held["seen"])
