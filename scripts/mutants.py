"""Do a room's tests see a change? Small faults are put into its code, and its tests run on each.

A fault that no test fails on is a survivor: either a test is missing, or the change makes no
difference that anybody could see. What was found is kept in `docs/mutants.json`, and
`docs/mutants.md` is written from it and from the reasons in `docs/mutants.toml`. The faults are
made by Cosmic Ray (docs/decisions/0060-mutants.md says why), in a copy of the tree.

Example:
    python scripts/mutants.py plan --minutes 60
    python scripts/mutants.py --write
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import platform
import random
import re
import shutil
import subprocess
import sys
import time
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FOUND = ROOT / "docs" / "mutants.json"
REASONS = ROOT / "docs" / "mutants.toml"
PAGE = ROOT / "docs" / "mutants.md"
SEED = 20260101
TIMEOUT = 300.0
"""Seconds after which a fault that makes the tests hang counts as seen."""

OPERATORS = re.compile(
    r"core/(ReplaceBinaryOperator_(Add_Sub|Sub_Add|Mul_Div|Div_Mul|FloorDiv_Mul|Mod_Mul|Pow_Mul|"
    r"BitAnd_BitOr|BitOr_BitAnd)"
    r"|ReplaceComparisonOperator_(Lt_LtE|Lt_GtE|LtE_Lt|LtE_Gt|Gt_GtE|Gt_LtE|GtE_Gt|GtE_Lt|"
    r"Eq_NotEq|NotEq_Eq|Is_IsNot|IsNot_Is|In_NotIn|NotIn_In)"
    r"|ReplaceUnaryOperator_(USub_UAdd|Delete_Not|Delete_Invert)"
    r"|AddNot|ReplaceTrueWithFalse|ReplaceFalseWithTrue|ReplaceAndWithOr|ReplaceOrWithAnd"
    r"|ReplaceBreakWithContinue|ReplaceContinueWithBreak|NumberReplacer|ZeroIterationForLoop)"
)
"""The faults that are made: signs, bounds, branches, loops and numbers. Others of Cosmic Ray's,
such as a sum that becomes a shift of bits, fail on any call and tell nothing of the tests."""


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("room", nargs="?", help="as under src/tocsin: plan, assess/reliability")
    parser.add_argument("--minutes", type=float, default=60, help="stop after so many")
    parser.add_argument("--sample", type=int, help="at most so many faults, drawn by chance")
    parser.add_argument("--again", action="store_true", help="only what survived the last run")
    parser.add_argument("--prefix", default="", help="words before the test command")
    parser.add_argument("--write", action="store_true", help="only write docs/mutants.md anew")
    asked = parser.parse_args()
    if asked.room:
        room = asked.room.strip("/")
        if not (ROOT / "src" / "tocsin" / room).is_dir():
            sys.exit(f"There is no room src/tocsin/{room}.")
        before = kept().get(room) if asked.again else None
        found = run(room, asked.minutes, asked.sample, asked.prefix, before)
        # Read anew: another room may have been run meanwhile.
        every = kept() | {room: found}
        FOUND.write_text(json.dumps(every, indent=1, sort_keys=True) + "\n", "utf-8")
    PAGE.write_text(page(kept()), "utf-8")
    print(f"Written: {PAGE.relative_to(ROOT)}")


def kept() -> dict[str, Any]:
    """What earlier runs found, by room."""
    return json.loads(FOUND.read_text("utf-8")) if FOUND.exists() else {}


def run(
    room: str, minutes: float, sample: int | None, prefix: str, before: dict[str, Any] | None
) -> dict[str, Any]:
    """Make faults in a room until all are made or the time is over.

    With what was found `before`, only its survivors are made again, after tests were added.

    Returns:
        `mutants` (all that there are), `run`, `killed`, `survivors` (a list of dicts), `minutes`,
        `date`, `command`, `machine`.
    """
    tree = ROOT / "build" / "mutants" / room.replace("/", "-")
    copy_of_the_tree(tree)
    started = time.time()
    sessions = [
        session(tree, module, room, prefix)
        for module in sorted((tree / "src" / "tocsin" / room).rglob("*.py"))
        if module.read_text("utf-8").strip()
    ]
    for path in sessions[: 0 if before else 1]:
        clean = tests_of(tree, path)
        if subprocess.run(clean, shell=True, cwd=tree, check=False).returncode:
            sys.exit(f"The tests fail without any fault: {clean}")
    jobs = [(path, job) for path in sessions for job in pending(path)]
    random.Random(SEED).shuffle(jobs)
    chosen = jobs[:sample]
    if before:
        alive = {name_of(survivor) for survivor in before["survivors"]}
        chosen = [job for job in jobs if name_of(told(job[1].mutations[0])) in alive]
    done: list[dict[str, Any]] = []
    for number, (path, job) in enumerate(chosen, 1):
        if time.time() - started > 60 * minutes:
            break
        done.append(one(tree, path, job))
        if not done[-1]["killed"]:
            print(f"survived: {done[-1]['file']}:{done[-1]['line']} {done[-1]['change']}")
        if number % 20 == 0:
            print(f"{number} of {len(chosen)}, {sum(not d['killed'] for d in done)} survived",
                  flush=True)  # fmt: skip
    survivors = [{k: v for k, v in d.items() if k != "killed"} for d in done if not d["killed"]]
    survivors.sort(key=lambda d: (d["file"], d["line"], d["change"]))
    if before:
        killed = len(done) - len(survivors)
        return {**before, "killed": before["killed"] + killed, "survivors": survivors}
    return {
        "mutants": len(jobs),
        "run": len(done),
        "killed": len(done) - len(survivors),
        "survivors": survivors,
        "minutes": round((time.time() - started) / 60, 1),
        "date": datetime.now(UTC).date().isoformat(),
        "command": f"make mutants ROOM={room}" + (f" SAMPLE={sample}" if sample else ""),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }


def copy_of_the_tree(tree: Path) -> None:
    """What git tracks, and what is new, without anything built."""
    shutil.rmtree(tree, ignore_errors=True)
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)


def session(tree: Path, module: Path, room: str, prefix: str) -> Path:
    """A session of Cosmic Ray for one module, whose own tests run first."""
    place = module.relative_to(tree / "src" / "tocsin")
    own = tree / "tests" / place.parent / f"test_{place.stem.replace('__init__', 'init')}.py"
    tests = [str(own.relative_to(tree))] if own.exists() else []
    tests += sorted(
        str(path.relative_to(tree))
        for path in (tree / "tests" / room).rglob("test_*.py")
        if path != own
    )
    command = (
        f"{prefix} {sys.executable} -m pytest -x -q --no-header -p no:cacheprovider "
        f"-m 'not walk and not browser and not release' {' '.join(tests)}"
    ).strip()
    name = str(place.with_suffix("")).replace("/", "-")
    config, path = tree / f"{name}.toml", tree / f"{name}.sqlite"
    config.write_text(
        "[cosmic-ray]\n"
        f'module-path = "{module.relative_to(tree)}"\n'
        f"timeout = {TIMEOUT}\nexcluded-modules = []\n"
        f"test-command = {json.dumps(command)}\n"
        '[cosmic-ray.distributor]\nname = "local"\n',
        "utf-8",
    )
    cosmic_ray = str(Path(sys.executable).with_name("cosmic-ray"))
    subprocess.run([cosmic_ray, "init", config.name, path.name], cwd=tree, check=True)
    return path


def pending(path: Path) -> list[Any]:
    """The faults of a session that are worth making, in a fixed order."""
    from cosmic_ray.work_db import WorkDB, use_db

    with use_db(str(path), WorkDB.Mode.open) as database:
        items = list(database.work_items)
    blind: dict[Path, list[tuple[int, int, int, int]]] = {}
    kept = []
    for item in items:
        fault = item.mutations[0]
        file = path.parent / fault.module_path
        if file not in blind:
            blind[file] = unseen(file)
        at = fault.start_pos
        inside = any((a, b) <= at < (c, d) for a, b, c, d in blind[file])
        # A number outside every function is a declared assumption; a test that repeats it sees
        # nothing that a reader of the declaration does not.
        declared = not fault.definition_name and fault.operator_name == "core/NumberReplacer"
        inside = inside or declared
        if OPERATORS.fullmatch(fault.operator_name) and not inside:
            kept.append(item)
    return sorted(kept, key=lambda i: (i.mutations[0].start_pos, i.mutations[0].operator_name,
                                       i.mutations[0].occurrence))  # fmt: skip


def unseen(file: Path) -> list[tuple[int, int, int, int]]:
    """Places where a change can make no difference: annotations, and aliases of types."""
    found = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        notes: list[ast.expr | None] = []
        if isinstance(node, ast.FunctionDef):
            notes.append(node.returns)
        elif isinstance(node, ast.arg | ast.AnnAssign):
            notes.append(node.annotation)
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            notes.append(node.test)
        found += [
            (note.lineno, note.col_offset, note.end_lineno or 0, note.end_col_offset or 0)
            for note in notes
            if note is not None
        ]
    return found


def tests_of(tree: Path, path: Path) -> str:
    """The command that runs a session's tests on the copy of the tree."""
    config = tomllib.loads(path.with_suffix(".toml").read_text("utf-8"))["cosmic-ray"]
    return f"env PYTHONPATH={tree / 'src'} PYTHONDONTWRITEBYTECODE=1 {config['test-command']}"


def one(tree: Path, path: Path, item: Any) -> dict[str, Any]:
    """Make one fault, run the tests, and put the code back."""
    from cosmic_ray.mutating import mutate_and_test
    from cosmic_ray.work_item import TestOutcome

    fault = item.mutations[0]
    file = tree / fault.module_path
    before = file.read_bytes()
    here = Path.cwd()
    os.chdir(tree)
    try:
        result = mutate_and_test(item.mutations, tests_of(tree, path), TIMEOUT)
    finally:
        os.chdir(here)
        file.write_bytes(before)
    lines = [line for line in (result.diff or "").splitlines() if line[:1] in "+-"]
    changed = [line[1:].strip() for line in lines if not line.startswith(("+++", "---"))]
    said = told(fault) | {"change": " → ".join(changed)}
    return said | {"killed": result.test_outcome != TestOutcome.SURVIVED}


def told(fault: Any) -> dict[str, Any]:
    """Which fault it is, for the page and for a later run."""
    return {
        "file": str(fault.module_path).removeprefix("src/tocsin/"),
        "line": fault.start_pos[0],
        "occurrence": fault.occurrence,
        "function": fault.definition_name or "",
        "operator": fault.operator_name.removeprefix("core/"),
    }


def name_of(fault: dict[str, Any]) -> tuple[str, str, int]:
    """What tells one fault of a room from another, while the code stays as it is."""
    return fault["file"], fault["operator"], fault["occurrence"]


def page(found: dict[str, Any]) -> str:
    """`docs/mutants.md`: a table of rooms, and each survivor under the reason that it has."""
    reasons = tomllib.loads(REASONS.read_text("utf-8")) if REASONS.exists() else {}
    lines = [
        "# Mutants: do the tests see a change?",
        "",
        "Written by `scripts/mutants.py`; the reasons are in `docs/mutants.toml`. A mutant is the",
        "code with one small fault; one that no test of its room fails on has survived. Where a",
        "run was stopped by its time or drew a sample, the share is an estimate from those that",
        "ran, which were drawn by chance.",
        "",
        "| room | mutants | run | survived | share | minutes | date | command |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for room, said in sorted(found.items()):
        survived = len(said["survivors"])
        share = f"{100 * survived / max(said['run'], 1):.0f} %"
        lines.append(
            f"| {room} | {said['mutants']} | {said['run']} | {survived} | {share} "
            f"| {said['minutes']} | {said['date']} | `{said['command']}` |"
        )
    for room, said in sorted(found.items()):
        if said["survivors"]:
            lines += ["", f"## {room}", *_survivors(said["survivors"], reasons.get(room, []))]
    return "\n".join(lines) + "\n"


def _survivors(survivors: list[dict[str, Any]], groups: list[dict[str, Any]]) -> list[str]:
    lines: list[str] = []
    left = list(survivors)
    for group in groups:
        match = re.compile(group["match"])
        here = [s for s in left if match.search(f"{s['file']}:{s['function']}: {s['change']}")]
        left = [s for s in left if s not in here]
        if here:
            lines += ["", group["why"].strip(), "", *map(_row, here)]
    if left:
        lines += ["", "No reason is written down yet; a test may be missing.", "", *map(_row, left)]
    return lines


def _row(survivor: dict[str, Any]) -> str:
    change = survivor["change"].replace("`", "'")
    return f"- `{survivor['file']}`, `{survivor['function']}`, {survivor['operator']}: `{change}`"


if __name__ == "__main__":
    main()
