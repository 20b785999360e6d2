"""A run: one stage computed once. What it read, with what settings, and what it wrote."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Run:
    """One run of one stage.

    The id is a digest of everything that decides the result, so computing the same thing
    again gives the same id: stage, version, seed, parameters and fingerprints of the inputs. What
    stands behind a '+' in the version is the digest of the code. It tells that other code made a
    result, and is not in the id, from which draws that break ties follow.

    >>> Run("assess", "0.1.0", 1, {}, {"reports": "a"}).run_id == Run(
    ...     "assess", "0.1.0", 1, {}, {"reports": "a"}).run_id
    True
    """

    stage: str
    version: str
    seed: int
    parameters: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)

    @property
    def run_id(self) -> str:
        """Return the stage's name and twelve hexadecimal digits of the digest (SHA-256)."""
        content = json.dumps(
            [self.stage, self.version.partition("+")[0], self.seed, self.parameters, self.inputs],
            sort_keys=True,
        )
        return f"{self.stage}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
