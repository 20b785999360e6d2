"""The verbs, in the order in which the help lists them; each is built when it is asked for.

To build a verb is to import its module and to look at each of its options, which costs more than
most verbs have to do. A command needs one of them; the help, completion and a name that is not
known need all.
"""

from __future__ import annotations

import importlib
from typing import Any, Literal

import typer
from typer.core import TyperGroup
from typer.main import get_group

MARKUP: Literal["markdown"] = "markdown"
"""How the help of all verbs is written."""
PANELS = {
    "The road, in order": {
        "init": "road.init",
        "observe": "road.observe",
        "assess": "road.assess",
        "anticipate": "road.anticipate",
        "plan": "road.futures",
        "share": "road.share",
    },
    "Around the road": {
        "brief": "road.brief",
        "actors": "look.actors",
        "adoption": "look.adoption",
        "incidents": "look.incidents",
        "export": "look.export",
        "status": "road.status",
        "quarantine": "look.quarantine",
        "alerts": "watch.alerts",
        "cache": "look.cache",
        "backtest": "files.backtest",
        "diffuse": "files.diffuse",
        "enforce": "files.enforce",
        "exercise": "files.exercise",
        "forecast": "files.forecast",
        "track": "watch.track",
        "pull": "exchange.pull",
        "link": "files.link",
        "networks": "files.networks",
        "backup": "server.backup",
        "restore": "server.backup",
        "collect": "server.collect",
        "publish": "server.publish",
        "serve": "server.serve",
        "plugins": "look.plugins",
        "territories": "look.territories",
        "audit": "exchange.audit",
        "cap": "files.cap",
        "stix": "files.stix",
        "bench": "bench",
        "neighbours": "server.neighbours",
        "webhooks": "server.webhooks",
    },
}
"""Panel of the help to its verbs, each with its module below `tocsin.cli`.

The module has a function or a group of verbs of the verb's name, or else a group `app`.
"""
MODULES = {verb: module for panel in PANELS.values() for verb, module in panel.items()}


class Verbs(TyperGroup):
    """The verbs, each of which is built at the first time that it is asked for."""

    def list_commands(self, _ctx: Any) -> list[str]:
        """List all verbs, the road's in order and then those around it."""
        return list(MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Build a verb, if there is one of this name.

        Args:
            ctx: what click knows of the call.
            cmd_name: the name that was asked for.

        Returns:
            The verb; None if there is none. All are built then, so that the nearest name is told.
        """
        for verb in [cmd_name] if cmd_name in MODULES else MODULES:
            if verb not in self.commands:
                self.commands[verb] = build_verb(verb)
        return super().get_command(ctx, cmd_name)


def build_verb(name: str) -> Any:
    """Import the module of a verb, and look at its options.

    Args:
        name: one of `MODULES`.

    Returns:
        The verb, or the group of verbs, as click calls it.

    Raises:
        KeyError: there is no such verb.
    """
    module = importlib.import_module(f"tocsin.cli.{MODULES[name]}")
    found = getattr(module, name, None) or module.app
    panel = next(panel for panel, verbs in PANELS.items() if name in verbs)
    alone = typer.Typer(rich_markup_mode=MARKUP)
    if isinstance(found, typer.Typer):
        alone.add_typer(found, name=name, rich_help_panel=panel)
    else:
        alone.command(name, rich_help_panel=panel)(found)
    return get_group(alone).commands[name]
