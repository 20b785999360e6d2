"""Alert rules, as a user declares them in a TOML file: a sentence, or a setting each."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from tocsin.anticipate.alerts.rules.ladder import LEVELS
from tocsin.base.toml import parse_toml, read_text
from tocsin.errors import TocsinError, UsageError
from tocsin.schema.geography.territory import resolve
from tocsin.schema.tables.anticipated.sentence import EXAMPLE, parse, say
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

KINDS = ("deaths", "doubling", "onset", "first-use", "neighbour")
ABOUT_TECHNOLOGY = ("first-use", "neighbour")
DEFAULT_RATE = 1.0


class Rule(BaseModel):
    """This is one rule, which says of what event it warns, where, and at what probability.

    If `gwnos` is empty the rule is about every territory. `action` is what somebody has prepared to
    do when the rule calls, in words of the user's own; it changes nothing of the rule.

    Either `probability` is given, or `cost` (of acting) and `loss` (averted by acting in time),
    from which the operating point follows, or all three.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=80)
    kind: Literal["deaths", "doubling", "onset", "first-use", "neighbour"]
    within: int = Field(ge=1, le=36, description="months")
    deaths: int = Field(default=0, ge=0, le=10_000_000)
    quiet: int = Field(default=0, ge=0, le=240, description="months without a death before")
    technology: str = ""
    gwnos: tuple[int, ...] = ()
    probability: float | None = Field(default=None, gt=0, lt=1)
    cost: float | None = Field(default=None, gt=0)
    loss: float | None = Field(default=None, gt=0)
    levels: dict[str, float] = Field(default_factory=dict)
    hysteresis: float = Field(default=0.2, gt=0, lt=1)
    dwell: int = Field(default=2, ge=1, le=60, description="months")
    action: str = Field(default="", max_length=300, description="what was prepared for the alarm")

    @field_validator("technology")
    @classmethod
    def _known(cls, value: str) -> str:
        if value and value not in TECHNOLOGIES:
            raise ValueError(f"not a technology class; there are {', '.join(TECHNOLOGIES)}")
        return value

    @field_validator("action")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if any(not char.isprintable() for char in value):
            raise ValueError("a sentence on one line")
        return value.strip()

    @field_validator("levels")
    @classmethod
    def _ladder(cls, value: dict[str, float]) -> dict[str, float]:
        for name, level in value.items():
            if name not in LEVELS[1:] or name == "advisory":
                raise ValueError("name watch, warning or emergency; advisory is the probability")
            if not 0 < level < 1:
                raise ValueError(f"{name} lies between 0 and 1")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.cost is None) != (self.loss is None):
            raise ValueError("cost and loss go together")
        if self.cost is not None and self.loss is not None and self.cost >= self.loss:
            raise ValueError("acting must cost less than what it averts")
        if self.cost is None and self.probability is None:
            raise ValueError("say a probability, or a cost and a loss")
        if (self.kind in ABOUT_TECHNOLOGY) != bool(self.technology):
            raise ValueError("a technology belongs to first use and adoption, and to no other")
        if (self.kind not in ABOUT_TECHNOLOGY) != (self.deaths >= 1):
            raise ValueError("at least 1 death belongs to deaths, doubling and onset")
        if (self.kind == "onset") != (self.quiet >= 1):
            raise ValueError("quiet months belong to onset, and to no other")
        return self

    @property
    def ratio(self) -> float:
        """This is cost over loss; whoever acts at a probability p behaves as if it were p."""
        if self.cost is not None and self.loss is not None:
            return self.cost / self.loss
        return self.probability or 0.5

    @property
    def sentence(self) -> str:
        """This is the rule in words, which `parse` of the module `sentence` reads back."""
        return say(self)


def default_rules() -> list[Rule]:
    """Read the rules that ship with tocsin, for a workspace without a file of rules.

    Returns:
        The rules, in the order of the file that ships with tocsin.
    """
    text = files("tocsin.anticipate.alerts.rules").joinpath("default.toml").read_text("utf-8")
    return parse_rules(text, where="default.toml")


def read_rules(path: Path) -> list[Rule]:
    """Read the rules of a TOML file.

    Args:
        path: the file; docs/methods/alerts.md describes its format.

    Returns:
        The rules, in the order of the file.

    Raises:
        UsageError: the file does not exist or is no TOML, a rule is not understood, or two rules
            have one name.
    """
    return parse_rules(read_text(path), where=str(path))


def false_alarms(path: Path) -> float:
    """Read from a file of rules how many false alarms the watch over incidents may raise.

    The number is for each territory and year. The file says it as `[stream] false_alarms_per_year =
    1`, which is also the default.

    Args:
        path: the file of rules.

    Returns:
        False alarms for each territory and year, from 0.05 to 20.

    Raises:
        UsageError: the file cannot be read, or the number is not one from 0.05 to 20.
    """
    read_rules(path)
    stream = parse_toml(read_text(path), where=str(path)).get("stream", {})
    known = isinstance(stream, dict) and set(stream) <= {"false_alarms_per_year"}
    rate = stream.get("false_alarms_per_year", DEFAULT_RATE) if known else None
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0.05 <= rate <= 20:
        raise UsageError(
            "[stream] holds false_alarms_per_year, a number from 0.05 to 20, and nothing else.",
            where=str(path),
            remedy="For example: [stream] false_alarms_per_year = 1",
        )
    return float(rate)


def parse_rules(text: str, *, where: str) -> list[Rule]:
    """Read the rules in a TOML text.

    Args:
        text: the content of a file of rules (docs/methods/alerts.md).
        where: what the text is called in errors, such as the name of its file.

    Returns:
        The rules, in the order of the text.

    Raises:
        UsageError: not TOML, a rule that is not understood, or two rules of one name.
    """
    raw = parse_toml(text, where=where)
    tables = raw.get("rule", [])
    if set(raw) - {"rule", "stream"} or not isinstance(tables, list) or not tables:
        raise UsageError(
            "A file of alerts holds [[rule]] tables and one [stream], nothing else.",
            where=where,
            remedy=f'For example: [[rule]] name = "serious" say = "{EXAMPLE}"',
        )
    rules = [_rule(table, f"{where}, rule {i}") for i, table in enumerate(tables, start=1)]
    names = [rule.name for rule in rules]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"Two rules are called '{name}'.", where=where)
    return rules


def _rule(table: Any, where: str) -> Rule:
    if not isinstance(table, dict):
        raise UsageError("A rule is a table of settings.", where=where)
    settings = dict(table)
    where += f" ('{settings['name']}')" if isinstance(settings.get("name"), str) else ""
    try:
        if "say" in settings:
            said = parse(str(settings.pop("say")))
            twice = sorted(set(said) & set(settings))
            if twice:
                raise UsageError(f"The sentence says '{twice[0]}' already.", where=where)
            settings |= said
        if "territories" in settings:
            names = settings.pop("territories")
            if not isinstance(names, list) or "gwnos" in settings:
                raise UsageError("'territories' is a list of names, given once.", where=where)
            settings["gwnos"] = tuple(resolve(str(name)).gwno for name in names)
        return Rule.model_validate(settings)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        said_wrong = first["msg"].removeprefix("Value error, ")
        what = f"'{key}': {said_wrong}." if key else f"{said_wrong[:1].upper()}{said_wrong[1:]}."
        raise UsageError(what, where=where, remedy="See docs/methods/alerts.md.") from error
    except TocsinError as error:
        raise UsageError(error.what, where=error.where or where, remedy=error.remedy) from error
