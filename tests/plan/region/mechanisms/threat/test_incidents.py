"""Incidents at the start, by domain."""

from __future__ import annotations

import numpy as np

from tocsin.plan.region.mechanisms.threat import incidents


def test_deadly_incidents_are_shared_out_and_the_others_follow_capability() -> None:
    p = {"air_share": 0.1, "explosive_share": 0.3, "cyber": 0.2, "information": 0.5}
    capability = np.array([[0, 0, 0, 0.3, 0.4]], np.float32)
    found = incidents.usual(p, np.array([[10.0]], np.float32), capability)
    np.testing.assert_allclose(found, [[1, 3, 6, 0.06, 0.2]], rtol=1e-6)
