"""Rules from a TOML file, and what is said of those that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.anticipate.alerts.rules.declared import (
    KINDS,
    default_rules,
    false_alarms,
    parse_rules,
    read_rules,
)
from tocsin.errors import UsageError

SAID = 'say = "at least 25 deaths within 3 months, probability above 0.3, in Mali, Niger"'


def test_a_sentence_and_its_settings_are_the_same_rule() -> None:
    settings = """kind = "deaths"
deaths = 25
within = 3
probability = 0.3
territories = ["Mali", "NER"]"""
    one, two = (
        parse_rules(f'[[rule]]\nname = "x"\n{body}', where="f") for body in (SAID, settings)
    )
    assert one == two


def test_the_shipped_rules_are_one_of_each_kind() -> None:
    assert sorted(rule.kind for rule in default_rules()) == sorted(KINDS)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("[[rule]]", "name"),
        (f"[[rule]]\n{SAID}", "name"),
        (f'[[rule]]\nname = "x"\n{SAID}\ndeaths = 3', "already"),
        (f'[[rule]]\nname = "x"\n{SAID}\ncolour = 3', "colour"),
        (f'[[rule]]\nname = "x"\n{SAID}\nlevels = {{red = 0.5}}', "watch"),
        ('[[rule]]\nname = "x"\nsay = "at least 25 deaths within 3 months"', "cost"),
        ('[[rule]]\nname = "x"\nsay = "at least 5 deaths within 3 months, cost 4 loss 2"', "less"),
        ('[[rule]]\nname = "x"\nsay = "at least 5 deaths within 99 months above 0.3"', "within"),
        ('[[rule]]\nname = "x"\nsay = "at least 5 deaths within 9 months above 3"', "probability"),
        (f'[[rule]]\nname = "x"\n{SAID}\n[[rule]]\nname = "x"\n{SAID}', "Two rules"),
        ('[[rule]]\nname = "x"\nkind = "deaths"\nterritories = ["Nowhere"]', "Nowhere"),
        ("rule = 3", "[[rule]]"),
        ("[[rule", "TOML"),
        ("", "[[rule]]"),
    ],
)
def test_a_wrong_rule_is_refused_by_name(body: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_rules(body, where="alerts.toml")
    assert said in str(caught.value)
    assert "alerts.toml" in caught.value.where


def test_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        read_rules(tmp_path / "alerts.toml")


@pytest.mark.parametrize(
    ("stream", "rate"),
    [("", 1.0), ("[stream]", 1.0), ("[stream]\nfalse_alarms_per_year = 3", 3.0)],
)
def test_the_false_alarms_that_are_borne(tmp_path: Path, stream: str, rate: float) -> None:
    path = tmp_path / "alerts.toml"
    path.write_text(f'[[rule]]\nname = "x"\n{SAID}\n{stream}')
    assert false_alarms(path) == rate


@pytest.mark.parametrize("stream", ["false_alarms_per_year = 0", "rate = 1", "[stream.x]"])
def test_another_number_of_false_alarms_is_refused(tmp_path: Path, stream: str) -> None:
    path = tmp_path / "alerts.toml"
    path.write_text(f'[[rule]]\nname = "x"\n{SAID}\n[stream]\n{stream}')
    with pytest.raises(UsageError, match="false_alarms_per_year"):
        false_alarms(path)
