"""`tocsin init`: make a workspace."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.base.toml import read_text
from tocsin.cli.options import HERE, JsonOption
from tocsin.cli.output import print_json
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.schema.settings import Region

RegionOption = Annotated[
    str | None,
    typer.Option(
        "--region",
        metavar="LIST",
        help="Its territories: names, ISO3 codes or Gleditsch-Ward numbers, with commas; groups "
        "as 'West: Mali, Niger; Coast: Ghana'; or a text file with such lines.",
    ),
]
NameOption = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help="What the region is called.")
]


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder.")] = HERE,
    region: RegionOption = None,
    name: NameOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a workspace: a folder that holds everything about your region.

    Without --region it looks after the region of the example, and says so. Territories of one group
    lie together, by a border or a sea; parts that lie apart are groups of their own.

    Example: tocsin init sahel --region "Mali, Burkina Faso, Niger, Nigeria, Chad" --name Sahel
    """
    from tocsin.schema.settings import Settings
    from tocsin.workspace.store import SETTINGS_FILE, Workspace

    if region is None and name is not None:
        raise UsageError("A name needs a region.", remedy="Say which territories with --region.")
    wanted = None if region is None else _region(region, name)
    there = (folder / SETTINGS_FILE).exists()
    settings = None if wanted is None else Settings(region=wanted)
    with Workspace.init(folder, settings) as workspace:
        found = workspace.settings.region
    if wanted is not None and wanted != found:
        raise _other(folder / SETTINGS_FILE, found, wanted)
    names, alone = _names(found), _alone(found)
    if as_json:
        told = {"workspace": str(folder), "region": found.name, "territories": names}
        print_json(told | {"alone": alone})
        return
    typer.echo(f"Workspace: {folder} (region: {found.name}).")
    for heading, listed in names.items():
        typer.echo(f"  {heading}: {', '.join(listed)}")
    if alone:
        typer.echo(
            f"Without a land border to another of these: {', '.join(alone)}. What spills over "
            "borders does not reach them."
        )
    if wanted is None and not there:
        typer.echo("This is the example's region; --region chooses another in a new folder.")
    own = "." if wanted else ", or `tocsin brief` for the example region."
    typer.echo(f"Next: `tocsin observe FILE…`, then `tocsin brief`{own}")


def _region(text: str, name: str | None) -> Region:
    """The region of what stands behind --region: a list, or a file with one."""
    from tocsin.schema.geography.apart import refuse_apart
    from tocsin.schema.geography.region import territory_groups
    from tocsin.schema.settings import Region

    path, is_path = Path(text), False
    # A list of names may be longer than any path, which the system says by an error.
    with suppress(OSError, ValueError):
        is_path = bool(path.suffix) and path.exists()
    if is_path:
        text, name = read_text(path), name or path.stem
    groups = territory_groups(text, name=name or "My region")
    for numbers in groups.values():
        refuse_apart(numbers, where="--region")
    return Region(name=name or " and ".join(groups), territories=groups)


def _names(region: Region) -> dict[str, list[str]]:
    from tocsin.schema.geography.territory import by_gwno

    return {
        heading: [by_gwno(number).name for number in numbers]
        for heading, numbers in region.territories.items()
    }


def _alone(region: Region) -> list[str]:
    """Territories of a region of several that share no land border with any other of it."""
    from tocsin.schema.geography.shapes import neighbour_shares
    from tocsin.schema.geography.territory import by_gwno

    if len(region.gwnos) == 1:
        return []
    shares = neighbour_shares(region.gwnos).sum(axis=1)
    return [by_gwno(one).name for one, sum_ in zip(region.gwnos, shares, strict=True) if not sum_]


def _other(path: Path, found: Region, wanted: Region) -> UsageError:
    lines = [f"{heading!r} = {numbers}" for heading, numbers in wanted.territories.items()]
    return UsageError(
        f"This workspace looks after another region, '{found.name}'; nothing was changed.",
        where=str(path),
        remedy=f"Choose another folder, or write into that file: [region] name = {wanted.name!r}, "
        f"[region.territories] {'; '.join(lines)}.",
    )
