"""Settings of a workspace, read from and written to its `tocsin.toml`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Literal

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

from tocsin.base.moved import old_name
from tocsin.base.toml import line_of, parse_toml, read_text
from tocsin.errors import UsageError, WorkspaceError
from tocsin.schema.geography.territory import UnknownTerritory, by_gwno

FORMAT = 3
"""Version of the workspace layout that this code writes; it reads older ones, too."""


class Region(BaseModel):
    """The territories that the workspace looks after.

    `territories` maps a heading (a sub-region as people say it) to Gleditsch-Ward numbers.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = "Levant and Central Africa"
    territories: dict[str, list[int]] = Field(
        default_factory=lambda: {
            "Levant": [652, 660, 663, 666, 645, 640],
            "Central Africa": [482, 483, 471, 484, 490, 481, 411, 625, 626],
        }
    )

    @field_validator("territories")
    @classmethod
    def _known(cls, groups: dict[str, list[int]]) -> dict[str, list[int]]:
        numbers = [number for group in groups.values() for number in group]
        if not numbers:
            raise ValueError("the region has no territory")
        for number in numbers:
            try:
                by_gwno(number)
            except UnknownTerritory as error:
                raise ValueError(f"{error.what} {error.remedy}".rstrip(".")) from error
        return groups

    @property
    def gwnos(self) -> list[int]:
        """List all Gleditsch-Ward numbers of the region, in the order given."""
        return [number for group in self.territories.values() for number in group]


class Settings(BaseModel):
    """Everything that a person may set for a workspace. Each setting has a default that works.

    Raises:
        ValidationError: pydantic refuses a value out of range or an unknown key.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int = FORMAT
    region: Region = Region()
    seed: int = Field(default=20260101, ge=0, lt=2**32, description="every random draw starts here")
    target: str = Field(default="ged_sb", description="the series that is forecast")
    horizon: int = Field(
        default=14,
        ge=1,
        le=36,
        description="months after the last known one that are forecast",
        validation_alias=AliasChoices("horizon", "horizons"),
    )
    """Files of 0.1 call it `horizons`, and are read."""
    draws: int = Field(default=1000, ge=100, le=100_000, description="draws a forecast")
    futures: int = Field(default=1000, ge=2, le=1_000_000, description="futures a portfolio")
    diffusion: Literal["gibbs", "nuts"] = Field(
        default="gibbs", description="how diffusion is fitted: fast, or in full by NUTS"
    )

    @property
    @old_name("tocsin.schema.settings.Settings.horizon")
    def horizons(self) -> int:
        """Return `horizon`, of which this is the old name."""
        return self.horizon


def load(path: Path) -> Settings:
    """Read and check the settings file `tocsin.toml`.

    Args:
        path: the file.

    Returns:
        The settings, with defaults for what the file does not say.

    Raises:
        WorkspaceError: the file cannot be read, is not TOML, has an unknown key or a value out of
            range, or was written by a newer version.
    """
    try:
        text = read_text(path)
        raw = parse_toml(text, where=str(path))
    except UsageError as error:
        raise WorkspaceError(
            f"The settings cannot be read: {error.what}", where=error.where, remedy=error.remedy
        ) from error
    found = raw.get("format", FORMAT)
    if isinstance(found, int) and found > FORMAT:
        raise WorkspaceError(
            f"This workspace has format {found}; this tocsin knows up to {FORMAT}.",
            where=str(path),
            remedy="Use the newer tocsin that made it; nothing was changed.",
        )
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        line = line_of(text, *first["loc"])
        raise WorkspaceError(
            f"Setting '{key}': {first['msg']}.",
            where=f"{path}, line {line}" if line else str(path),
            remedy="Mend the file.",
        ) from error


def dump(settings: Settings) -> str:
    """Write the settings as TOML text with one setting a line, which `load` reads."""
    lines = [
        "# Settings of a tocsin workspace. Numbers under [region.territories] are",
        "# Gleditsch-Ward country numbers; see `tocsin territories`.",
    ]
    for name in ("format", "seed", "target", "horizon", "draws", "futures", "diffusion"):
        value = getattr(settings, name)
        lines.append(f"{name} = {_toml(value)}")
    lines += ["", "[region]", f"name = {_toml(settings.region.name)}"]
    lines += ["", "[region.territories]"]
    lines += [f"{_toml(k)} = {v}" for k, v in settings.region.territories.items()]
    return "\n".join(lines) + "\n"


def with_line(text: str, name: str, value: str, why: str) -> str:
    """Write one setting into the text of a settings file, with the reason as a comment.

    Every other line stays as it is.

    Args:
        text: the file's text.
        name: the setting, which stands above the first heading.
        value: what it is from now on.
        why: the reason, in one line.

    >>> print(with_line("draws = 500\\ntarget = 'ged_sb'\\n[region]", "target", "Morts", "found"))
    draws = 500
    target = "Morts"  # found
    [region]
    """
    line = f"{name} = {_toml(value)}  # {why}"
    found = re.search(r"^[ \t]*\[", text, re.MULTILINE)
    top, rest = (text[: found.start()], text[found.start() :]) if found else (text, "")
    changed, number = re.subn(
        rf"^[ \t]*{name}[ \t]*=[^\r\n]*", lambda _: line, top, count=1, flags=re.MULTILINE
    )
    return (changed if number else f"{line}\n{top}") + rest


def _toml(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    # A TOML basic string escapes like JSON, but for DEL, which JSON leaves bare.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
