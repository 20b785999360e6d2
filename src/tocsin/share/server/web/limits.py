"""Limits on how often somebody may ask, and counts of what was asked."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper bounds of the bins of durations, seconds."""


@dataclass
class Bucket:
    """This is a token bucket for many askers: each may ask `most` times at once, `most` a period.

    An asker's tokens depend on what this asker did and on nobody else.
    """

    most: int
    period: float
    """Seconds in which an empty bucket fills."""
    clock: Callable[[], float]
    """Gives seconds that only grow."""
    remembered: int = 100_000
    """Askers that are remembered, the last ones."""
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, asker: str) -> float:
        """Take a token.

        Args:
            asker: who asks.

        Returns:
            0 if there was a token; otherwise the seconds until there is one.
        """
        now, rate = self.clock(), self.most / self.period
        with self._lock:
            left, last = self._left.pop(asker, (float(self.most), now))
            left = min(self.most, left + (now - last) * rate)
            enough = left >= 1
            self._left[asker] = (left - 1 if enough else left, now)
            while len(self._left) > self.remembered:
                self._left.popitem(last=False)
        return 0.0 if enough else (1 - left) / rate


@dataclass
class Slots:
    """These are places for what lasts, such as streams: so many in all, and so many of one."""

    most: int = 300
    of_one: int = 12
    _taken: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, asker: str) -> bool:
        """Take a place; False where there is none."""
        with self._lock:
            if self._taken[asker] >= self.of_one or self._taken.total() >= self.most:
                return False
            self._taken[asker] += 1
            return True

    def give_back(self, asker: str) -> None:
        """Give a place back."""
        with self._lock:
            self._taken[asker] -= 1
            if not self._taken[asker]:
                del self._taken[asker]


@dataclass
class Counts:
    """These are counts of requests and of their seconds, in Prometheus's text format."""

    requests: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    bins: Counter[tuple[str, float]] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request.

        Args:
            method: its method.
            route: the pattern of its address, without what stood in it.
            status: the answer's status.
            seconds: how long it took.
        """
        bound = next((one for one in BOUNDS if seconds <= one), float("inf"))
        with self._lock:
            self.requests[method, route, status] += 1
            self.bins[route, bound] += 1
            self.seconds[route] += seconds  # type: ignore[assignment]  # a counter of seconds

    def lines(self) -> list[str]:
        """Write the counts, a line each."""
        with self._lock:
            requests, bins, seconds = dict(self.requests), dict(self.bins), dict(self.seconds)
        told = ["# TYPE tocsin_requests_total counter"]
        told += [
            f'tocsin_requests_total{{method="{method}",route="{route}",status="{status}"}} {n}'
            for (method, route, status), n in sorted(requests.items())
        ]
        told.append("# TYPE tocsin_request_seconds histogram")
        for route in sorted(seconds):
            total = 0
            for bound in (*BOUNDS, float("inf")):
                total += bins.get((route, bound), 0)
                name = "+Inf" if bound == float("inf") else f"{bound:g}"
                told.append(f'tocsin_request_seconds_bucket{{route="{route}",le="{name}"}} {total}')
            told.append(f'tocsin_request_seconds_sum{{route="{route}"}} {seconds[route]:.6f}')
            told.append(f'tocsin_request_seconds_count{{route="{route}"}} {total}')
        return told
