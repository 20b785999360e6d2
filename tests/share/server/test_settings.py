"""Settings: each is in the documents, and a wrong one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.errors import UsageError
from tocsin.share.server.settings import ServerSettings, load

DOCS = Path(__file__).parents[3] / "docs" / "operate.md"


def test_each_setting_is_in_the_documents_with_its_default() -> None:
    rows = [line for line in DOCS.read_text("utf-8").splitlines() if line.startswith("| `")]
    # A table of the file has its name in brackets there.
    told = {row.split("`")[1].strip("[]"): row for row in rows}
    fields = ServerSettings.model_fields
    assert set(fields) == set(told)
    for name, field in fields.items():
        if isinstance(field.default, int | float):
            assert f"| {str(field.default).lower()} |" in told[name], name


def test_settings_are_read_and_a_wrong_one_is_told_by_name(tmp_path: Path) -> None:
    assert load(tmp_path) == ServerSettings()
    (tmp_path / "server.toml").write_text("[service_levels]\nemergency = 0.5\n")
    assert load(tmp_path).service_levels.emergency == 0.5
    (tmp_path / "server.toml").write_text("[service_levels]\nemergency = -1\n")
    with pytest.raises(UsageError, match=r"service_levels\.emergency"):
        load(tmp_path)
