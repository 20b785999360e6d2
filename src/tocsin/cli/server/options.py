"""The option that the server's verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DataOption = Annotated[
    Path, typer.Option("--data", metavar="DIR", help="The server's data folder.")
]
DATA = Path("server")
