"""Studies planted by a maker that the bench does not use, as files that the command answers.

    python benchmarks/diffusion_planted_files.py 0 20

Study n has 50 organisations on a random network: that of a small world, of preferential attachment
or of random pairs. The channel 'ally' carries 0.8 of the first uses, or nothing (every other
study), and 'trade', a network of as many random pairs, never carries any. A study ends when six in
ten use it. In half of the studies organisations leave at random; times are days by number, dates,
or decimals of years. The maker draws each first use by thinning, the command reads files, and the
chances of `next.csv` stand beside 400 continuations of the same study. Written before the first
run: the share's bias is at most 0.02, 85 to 95 % of intervals hold it, at most 1 in 20 studies
without contagion is said to show it, and the slope of what came on what was told is 0.9 to 1.1.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from typer.testing import CliRunner

from tocsin.cli import app

NODES, SHARE, TRUE = 50, 0.8, "ally"
BASE, QUIET = 0.004, 0.016
"""First uses a month outside the network, with contagion and without."""
ENDED, LONGEST, LEAVES = 0.6, 240.0, 0.004
CONTINUED, PILOTS, MONTHS = 400, 40, (3, 6, 12, 24)
DAYS = 365.2425 / 12
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Study:
    """First uses and exits of each node in months, infinite for never, and the network's share."""

    onset: Matrix
    leaves: Matrix
    end: float
    part: float


def main(first: int, last: int) -> None:
    """Print a line for each study, as JSON."""
    for number in range(first, last):
        random = np.random.default_rng([20261128, number])
        tied, other = network(number, random), random_pairs(random, 100)
        contagion = number % 2 == 0
        strength = strength_of(tied, random) if contagion else 0.0
        exits = number % 4 >= 2
        study = spread(tied, strength, random, exits=exits)
        begin = time.process_time()
        with tempfile.TemporaryDirectory() as folder:
            unit = ("days", "dates", "years")[number % 3]
            write(Path(folder), study, tied, other, unit)
            told = answered(Path(folder), unit, study)
        seconds = time.process_time() - begin
        came = continued(study, tied, strength, random)
        line = {"study": number, "true": study.part, "uses": int((study.onset <= study.end).sum())}
        line |= {"exits": exits, "unit": unit, "seconds": round(seconds, 1)} | told[0]
        print(json.dumps(line | beside(told[1], came)), flush=True)


def network(number: int, random: np.random.Generator) -> Matrix:
    """Who is tied to whom, symmetric, shape (50, 50)."""
    kind = number // 2 % 3
    if kind == 0:
        ends = [(i, (i + step) % NODES) for i in range(NODES) for step in (1, 2)]
        ends = [(i, int(random.integers(NODES)) if random.random() < 0.15 else j) for i, j in ends]
    elif kind == 1:
        ends, known = [(0, 1), (1, 2), (0, 2)], [0, 1, 1, 2, 0, 2]
        for node in range(3, NODES):
            for friend in {known[int(random.integers(len(known)))] for _ in range(2)}:
                ends.append((node, friend))
                known += [node, friend]
    else:
        return random_pairs(random, 100)
    return as_matrix(ends)


def random_pairs(random: np.random.Generator, count: int) -> Matrix:
    """A network of so many pairs, each as likely."""
    above = np.argwhere(np.triu(np.ones((NODES, NODES)), 1))
    return as_matrix([(int(i), int(j)) for i, j in random.permutation(above)[:count]])


def as_matrix(ends: list[tuple[int, int]]) -> Matrix:
    """Pairs as a symmetric matrix of 0 and 1 without a diagonal."""
    matrix = np.zeros((NODES, NODES))
    for i, j in ends:
        matrix[i, j] = matrix[j, i] = float(i != j)
    return matrix


def spread(
    tied: Matrix, strength: float, random: np.random.Generator, *, exits: bool = False
) -> Study:
    """Draw first uses by thinning: candidates at the highest rate, each kept by its chance."""
    base = BASE if strength else QUIET
    leaves = random.exponential(1 / LEAVES, NODES) if exits else np.full(NODES, np.inf)
    highest = base + strength * tied.sum(0).max()
    onset, now, parts = np.full(NODES, np.inf), 0.0, []
    while now < LONGEST and (onset <= now).sum() < ENDED * NODES:
        now += random.exponential(1 / (NODES * highest))
        node = int(random.integers(NODES))
        if onset[node] <= now or leaves[node] <= now:
            continue
        by = strength * float(tied[node] @ ((onset <= now) & (leaves > now)))
        if random.random() * highest < base + by:
            onset[node] = now
            parts.append(by / (base + by))
    return Study(onset, leaves, now, float(np.mean(parts)))


def strength_of(tied: Matrix, random: np.random.Generator) -> float:
    """The strength a tie at which the network carries `SHARE` of first uses in the mean."""
    low, high = 0.0, 0.5
    for _ in range(12):
        middle = (low + high) / 2
        part = np.mean([spread(tied, middle, random).part for _ in range(PILOTS)])
        low, high = (middle, high) if part < SHARE else (low, middle)
    return high


def write(folder: Path, study: Study, tied: Matrix, other: Matrix, unit: str) -> None:
    """Write both files as a user has them."""
    times = [as_text(one, unit) if one <= study.end else "" for one in study.onset]
    gone = [as_text(one, unit) if one <= study.end else "" for one in study.leaves]
    names = [f"Group {node:02d}" for node in range(NODES)]
    adoptions = {"actor": names, "technology": "drones", "time": times}
    if any(gone):
        adoptions["exit"] = gone
    pl.DataFrame(adoptions).write_csv(folder / "adoptions.csv")
    rows = [
        (names[i], names[j], channel)
        for channel, matrix in ((TRUE, tied), ("trade", other))
        for i, j in np.argwhere(np.triu(matrix))
    ]
    ties = pl.DataFrame(rows, schema=["source", "target", "channel"], orient="row")
    ties.write_csv(folder / "ties.csv")


def as_text(months: float, unit: str) -> str:
    """A time of the study as its file has it."""
    if unit == "days":
        return f"{months * DAYS:.2f}"
    if unit == "dates":
        return (date(2001, 1, 1) + timedelta(days=months * DAYS)).isoformat()
    return f"{2001 + months / 12:.4f}"


def answered(folder: Path, unit: str, study: Study) -> tuple[dict[str, object], pl.DataFrame]:
    """What the command's files say."""
    options = {"days": ["--unit", "day"], "dates": ["--start", "2001-01-01"]}
    options["years"] = ["--start", "2001"]
    command = ["diffuse", "--adoptions", str(folder / "adoptions.csv"), "--ties"]
    command += [str(folder / "ties.csv"), "--undirected", "--out", str(folder / "out"), "--json"]
    command += ["--end", as_text(study.end, unit)]
    ran = CliRunner().invoke(app, [*command, *options[unit]])
    if ran.exit_code:
        raise SystemExit(ran.output)
    shares = pl.read_csv(folder / "out" / "shares.csv").filter(technology="all")
    mean, low, high = shares.filter(channel=TRUE).row(0)[2:]
    summary = json.loads((folder / "out" / "diffuse.json").read_text(encoding="utf-8"))
    null = shares.filter(channel="trade")["mean"][0]
    found: dict[str, object] = {"mean": mean, "low": low, "high": high, "null": null}
    found |= {"shown": summary["shown"], "fit": summary["sampler"]["fit"]}
    return found, pl.read_csv(folder / "out" / "next.csv")


def continued(study: Study, tied: Matrix, strength: float, random: np.random.Generator) -> Matrix:
    """The chance of each node of a first use within `MONTHS` after the end, by continuations."""
    base = BASE if strength else QUIET
    counts = np.zeros((NODES, len(MONTHS)))
    present = study.leaves > study.end
    for _ in range(CONTINUED):
        onset, now = np.where(study.onset <= study.end, study.onset, np.inf), study.end
        while True:
            rate = base + strength * tied @ ((onset <= now) & present)
            rate[(onset <= now) | ~present] = 0.0
            if not rate.sum():
                break
            now += random.exponential(1 / rate.sum())
            if now > study.end + MONTHS[-1]:
                break
            onset[random.choice(NODES, p=rate / rate.sum())] = now
        for at, months in enumerate(MONTHS):
            counts[:, at] += (onset > study.end) & (onset <= study.end + months)
    return counts / CONTINUED


def beside(told: pl.DataFrame, came: Matrix) -> dict[str, object]:
    """Told and true chances of those who may be next, by months."""
    out: dict[str, object] = {}
    for at, months in enumerate(MONTHS):
        rows = told.filter(months=months)
        nodes = [int(name[-2:]) for name in rows["actor"]]
        out[f"told_{months}"] = [round(one, 4) for one in rows["probability"]]
        out[f"true_{months}"] = [float(came[node, at]) for node in nodes]
        held = [low <= came[node, at] <= high for node, low, high in
                zip(nodes, rows["low"], rows["high"], strict=True)]  # fmt: skip
        out[f"held_{months}"] = int(np.sum(held))
    return out


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
