"""The measure itself: right messages pass, faults are found, in small."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tocsin.bench.share.messages import message
from tocsin.bench.share.warnings import measure_cap, measure_samples


@pytest.mark.slow
def test_right_messages_pass_and_faults_are_found() -> None:
    found = measure_cap(messages=60, faults=120, seed=5)
    assert found["messages_refused"] == 0
    assert found["faults_caught"] >= 0.97


def test_a_sample_is_held_to_what_its_name_says(tmp_path: Path) -> None:
    (tmp_path / "a-valid.xml").write_bytes(ET.tostring(message(random.Random(1))))
    (tmp_path / "b-invalid.cap").write_bytes(b"<alert/>")
    (tmp_path / "c-invalid.cap").write_bytes((tmp_path / "a-valid.xml").read_bytes())
    (tmp_path / "schema.xsd").write_bytes(b"<schema/>")
    assert measure_samples(tmp_path) == {"samples": 3, "samples_wrong": ["c-invalid.cap"]}
