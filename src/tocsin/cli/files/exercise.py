"""`tocsin exercise`: a table-top exercise from a simulated future, and what it showed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from tocsin.base.display.quantity import quantity
from tocsin.cli.options import HERE, SEEDS, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, print_table, save_table, working


def exercise(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the exercise.")],
    future: Annotated[
        int,
        typer.Option(
            min=0, max=SEEDS, help="Which future is played; the same number, the same future."
        ),
    ] = 1,
    months: Annotated[int, typer.Option(min=1, max=36, help="Months that are played.")] = 9,
    injects: Annotated[int, typer.Option(min=4, help="About how many messages players get.")] = 20,
    minutes: Annotated[int, typer.Option(min=1, help="How long it is played.")] = 180,
    decisions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="After play: what was decided; writes the review."),
    ] = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Make a table-top exercise: a list of events for controllers, and files for each cell.

    Controllers get the list as HSEEP has it (msel.csv, msel.xlsx), the truth, a timetable, a page
    from which they run it by the clock or by hand (run.html), and what the facilitator does when
    (facilitator.md); players get briefings with the situation, and handouts without the truth. With
    --decisions, what players decided is compared with the truth: review.md, turns.csv,
    improvement-plan.csv, and debrief.html to show. Both pages are there in French and Arabic, too
    (run.fr.html, run.ar.html); messages are English.

    Example: tocsin exercise --out exercise --future 7

    Example: tocsin exercise --out exercise --decisions decisions.csv
    """
    from tocsin.base.atomic import check_folder, write_bytes

    check_folder(out)
    if decisions is not None:
        _review(out, decisions, as_json=as_json)
        return
    from tocsin.plan.exercise import (
        draw_future,
        read_situation,
        situation_words,
        timetable,
        write_exercise,
        write_script,
    )
    from tocsin.plan.play import READS
    from tocsin.plan.posterior import own
    from tocsin.share.facts.words import violence
    from tocsin.share.page.exercise import control_page
    from tocsin.share.page.language import LANGUAGES, page_name
    from tocsin.workspace.store import Workspace

    with working("Playing a future", quiet=as_json), Workspace.open(workspace) as opened:
        tables = {name: opened.read(name) for name in READS}
        gwnos = opened.settings.region.gwnos
        posterior = own(opened.path)
        seen = draw_future(tables, gwnos, number=future, months=months, posterior=posterior)
        script = write_script(seen, injects=injects)
        known = read_situation(tables, gwnos)
        told = situation_words(known, violence(opened.settings.target))
        files = write_exercise(script, out, minutes=minutes, situation=told)
        times = timetable(script, minutes)
        for language in LANGUAGES:
            page = control_page(script.events, times, minutes=minutes, language=language)
            files.append(out / "controllers" / page_name("run", language))
            write_bytes(files[-1], page.encode())
    if as_json:
        print_json({"files": [str(path) for path in files], "events": script.events.to_dicts()})
        return
    rows = script.events.select("Event Number", "Designated Scenario Time", "Event Type", "To")
    print_table("Events (the truth is in controllers/)", rows.columns, rows.rows())
    main = rows.filter(rows["Event Type"] != "Contingency").height
    if main < injects / 2:
        few = f"{main} messages, where {injects} were asked for: little happens in this future."
        typer.echo(f"{few} --future takes another, --months a longer one.")
    typer.echo(
        f"Written: {out} ({quantity(len(files), 'file')}); begin with controllers/facilitator.md"
    )


def _review(out: Path, decisions: Path, *, as_json: bool) -> None:
    """Compare what players decided with the truth that the controllers' folder holds."""
    import polars as pl

    from tocsin.base.atomic import write_bytes
    from tocsin.errors import UsageError
    from tocsin.observe import read_table
    from tocsin.plan.exercise import keep_filled, read_decisions, read_truth, report, review
    from tocsin.share.page.exercise import debrief_page
    from tocsin.share.page.language import LANGUAGES, page_name

    held = out / "controllers" / "truth.csv"
    if not held.is_file():
        raise UsageError(
            "There is no exercise in this folder.", where=str(held),
            remedy="Make one first: tocsin exercise --out DIR.",
        )  # fmt: skip
    told = read_decisions(read_table(decisions).sound(), where=decisions.name)
    found = review(read_truth(held), told)
    save_table(
        found.turns.with_columns(pl.col("time").dt.strftime("%Y-%m-%d %H:%M")), out / "turns.csv"
    )
    mending = out / "improvement-plan.csv"
    if mending.is_file():
        # People write into it who mends what: to review anew must not lose that.
        found = replace(found, plan=keep_filled(found.plan, read_table(mending).sound()))
    save_table(found.plan, mending)
    write_bytes(out / "review.md", report(found).encode())
    for language in LANGUAGES:
        page = debrief_page(
            found.turns, found.decisions, found.plan, found.words, language=language
        )
        write_bytes(out / page_name("debrief", language), page.encode())
    if as_json:
        print_json({"findings": found.words, "plan": found.plan.to_dicts()})
        return
    for one in found.words:
        typer.echo(one)
    typer.echo(f"Written: {out} (review.md, debrief.html, turns.csv, improvement-plan.csv)")
