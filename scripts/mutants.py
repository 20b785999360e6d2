"""Do a room's tests see a change? Small faults are put into its code, and its tests run on each.

A fault that no test fails on is a survivor: either a test is missing, or the change makes no
difference that anybody could see. What was found is kept in `docs/mutants.json`, and
`docs/mutants.md` is written from it and from the reasons in `docs/mutants.toml`. The faults are
made by Cosmic Ray in a copy of the tree; docs/decisions/0060-mutants.md says how the tests are
run so that a fault takes seconds.

Example:
    python scripts/mutants.py plan --minutes 60
    python scripts/mutants.py --write
"""

from __future__ import annotations

import argparse
import ast
import compileall
import difflib
import json
import os
import platform
import py_compile
import random
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import warm_tests

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "mutants"
FOUND = ROOT / "docs" / "mutants.json"
REASONS = ROOT / "docs" / "mutants.toml"
PAGE = ROOT / "docs" / "mutants.md"
SEED = 20260101
FIRST_PART = 0.7
"""Part of the time in which faults are tried on few tests; what survives is then tried on all."""

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


class Fault(NamedTuple):
    """One fault: where it is and how Cosmic Ray makes it."""

    file: str
    line: int
    occurrence: int
    function: str
    operator: str
    lines: range
    """The lines of the statement in which it is; of a loop or a branch, those of its head."""


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("room", nargs="?", help="as under src/tocsin: plan, assess/reliability")
    parser.add_argument("--minutes", type=float, default=60, help="stop after so many")
    parser.add_argument("--sample", type=int, help="at most so many faults, drawn by chance")
    parser.add_argument("--seed", type=int, default=SEED, help="another sample, such as 2")
    parser.add_argument("--files", nargs="+", help="only in files of these names, such as users")
    parser.add_argument("--again", action="store_true", help="only what survived the last run")
    parser.add_argument("--write", action="store_true", help="only write docs/mutants.md anew")
    asked = parser.parse_args()
    if asked.room:
        room = asked.room.strip("/")
        if not (ROOT / "src" / "tocsin" / room).is_dir():
            sys.exit(f"There is no room src/tocsin/{room}.")
        before = kept().get(room) if asked.again else None
        for found in run(room, asked, before):
            # Read anew: another room may have been run meanwhile.
            every = kept() | {room: found}
            FOUND.write_text(json.dumps(every, indent=1, sort_keys=True) + "\n", "utf-8")
    PAGE.write_text(page(kept()), "utf-8")
    print(f"Written: {PAGE.relative_to(ROOT)}")


def kept() -> dict[str, Any]:
    """What earlier runs found, by room."""
    return json.loads(FOUND.read_text("utf-8")) if FOUND.exists() else {}


def run(
    room: str, asked: argparse.Namespace, before: dict[str, Any] | None
) -> Iterator[dict[str, Any]]:
    """Make faults in a room until all are made or the time is over.

    With what was found `before`, only its survivors are made again, after tests were added. For
    tests that were written against one sample, a sample of another seed tells what they see.

    Yields:
        `mutants` (all that there are), `run`, `killed`, `survivors` (a list of dicts), `minutes`,
        `date`, `command`, `machine`: what is known every ten faults and at the end.
    """
    minutes, sample, files = asked.minutes, asked.sample, asked.files or []
    os.environ |= warm_tests.environment(BUILD / "programs")
    tree = BUILD / room.replace("/", "-")
    copy_of_the_tree(tree)
    started = time.time()
    every = [
        fault
        for module in sorted((tree / "src" / "tocsin" / room).rglob("*.py"))
        if not files or module.stem in files
        for fault in faults(tree, module)
    ]
    recorded = warm_tests.record(tree, room)
    said = f"{len(every)} faults, {len(recorded.seconds)} tests"
    print(f"{said}, recorded in {time.time() - started:.0f} s", flush=True)
    random.Random(asked.seed).shuffle(every)
    chosen = every[:sample]
    earlier: list[dict[str, Any]] = []
    if before:
        pairs = still_there(tree, every, before["survivors"])
        earlier, chosen = [one for one, _ in pairs], [fault for _, fault in pairs]
    done: list[dict[str, Any]] = []

    def found() -> dict[str, Any]:
        survivors = [{k: v for k, v in d.items() if k != "killed"} for d in done if not d["killed"]]
        survivors.sort(key=lambda d: (d["file"], d["line"], d["change"]))
        killed = len(done) - len(survivors)
        if before:
            # What went with its code counts neither as seen nor as left.
            not_yet = earlier[len(done) :]
            gone = len(before["survivors"]) - len(chosen)
            first = {"at_first": len(before["survivors"]), "run_at_first": before["run"]}
            more = {"survivors": survivors + not_yet}
            counts = {"run": before["run"] - gone, "killed": before["killed"] + killed}
            return {**first, **before, **counts, **more}
        return {
            "mutants": len(every),
            "run": len(done),
            "killed": killed,
            "at_first": len(survivors),
            "run_at_first": len(done),
            "survivors": survivors,
            "minutes": round((time.time() - started) / 60, 1),
            "date": datetime.now(UTC).date().isoformat(),
            "command": f"make mutants ROOM={room}"
            + (f" SAMPLE={sample}" if sample else "")
            + (f" SEED={asked.seed}" if asked.seed != SEED else "")
            + (f' FILES="{" ".join(files)}"' if files else ""),
            "machine": f"{os.cpu_count()} cores, {processor()}, Python {platform.python_version()}",
        }

    for number, fault in enumerate(chosen, 1):
        if time.time() - started > 60 * minutes * FIRST_PART:
            break
        done.append(one(tree, room, fault, recorded))
        if number % 10 == 0:
            alive_now = sum(not d["killed"] for d in done)
            spent = (time.time() - started) / 60
            print(f"{number} of {len(chosen)}, {alive_now} left, {spent:.0f} min", flush=True)
            yield found()
    slow = 0.0 if all(d["killed"] for d in done) else warm_tests.slow_seconds(tree, room)
    for place, fault in enumerate(chosen[: len(done)]):
        if not done[place]["killed"] and time.time() - started < 60 * minutes:
            done[place] = one(tree, room, fault, recorded, slow=slow)
        if not done[place]["killed"]:
            said = "" if done[place]["tried"] else ", not tried on all tests"
            print(f"survived{said}: {fault.file}:{fault.line} {done[place]['change']}", flush=True)
            yield found()
    yield found()


def processor() -> str:
    """The processor's name where the system tells it, else its kind."""
    told_by_linux = Path("/proc/cpuinfo")
    lines = told_by_linux.read_text("utf-8").splitlines() if told_by_linux.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def copy_of_the_tree(tree: Path) -> None:
    """What git tracks, and what is new, compiled so that only a changed file is compiled again."""
    shutil.rmtree(tree, ignore_errors=True)
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    by_content = py_compile.PycInvalidationMode.CHECKED_HASH
    for folder in ("src", "tests"):
        compileall.compile_dir(tree / folder, quiet=2, invalidation_mode=by_content)


def faults(tree: Path, module: Path) -> list[Fault]:
    """The faults of a file that are worth making, in a fixed order."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.ast.ast_query import ASTQuery
    from cosmic_ray.plugins import get_operator, operator_names

    source = module.read_text("utf-8")
    nodes, parsed = list(ast_nodes(get_ast(source))), ast.parse(source)
    blind, heads = unseen(parsed), statements(parsed)
    found = []
    for name in filter(OPERATORS.fullmatch, operator_names()):
        operator = get_operator(name)()
        places = ((node, at) for node in nodes for at, _ in operator.mutation_positions(node))
        for occurrence, (node, at) in enumerate(places):
            function = ASTQuery(node).get_definition_name() or ""
            # A number outside every function is a declared assumption; a test that repeats it sees
            # nothing that a reader of the declaration does not.
            declared = not function and name == "core/NumberReplacer"
            # The stars of a signature or of a call are no products.
            stars = name.endswith(("Mul_Div", "Pow_Mul"))
            stars = stars and node.parent.type not in {"term", "power"}
            if declared or stars or any((a, b) <= at < (c, d) for a, b, c, d in blind):
                continue
            around = [lines for lines in heads if at[0] in lines]
            lines = min(around, key=len, default=range(at[0], at[0] + 1))
            file = str(module.relative_to(tree / "src" / "tocsin"))
            short = name.removeprefix("core/")
            found.append((at, Fault(file, at[0], occurrence, function, short, lines)))
    found.sort(key=lambda pair: (pair[0], pair[1].operator, pair[1].occurrence))
    return [fault for _, fault in found]


def unseen(parsed: ast.Module) -> list[tuple[int, int, int, int]]:
    """Places where a change makes no difference: annotations, and that a class is frozen."""
    found = []
    for node in ast.walk(parsed):
        notes: list[ast.expr | None] = []
        if isinstance(node, ast.FunctionDef):
            notes.append(node.returns)
        elif isinstance(node, ast.ClassDef):
            # `@dataclass(frozen=True)` only keeps code from changing a value by mistake.
            marks = [one for one in node.decorator_list if isinstance(one, ast.Call)]
            notes += [word.value for one in marks for word in one.keywords if word.arg == "frozen"]
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


def statements(parsed: ast.Module) -> list[range]:
    """The lines of each statement; of one with a body, those of its head."""
    found = []
    for node in ast.walk(parsed):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            end = body[0].lineno if body else (node.end_lineno or node.lineno) + 1
            found.append(range(node.lineno, max(end, node.lineno + 1)))
    return found


def one(
    tree: Path, room: str, fault: Fault, recorded: warm_tests.Recorded, *, slow: float | None = None
) -> dict[str, Any]:
    """Make one fault, run tests, and put the code back.

    First come tests that ran its statement, then the others in files where anything ran it: a
    program that JAX compiled for an earlier test, or what an import or a fixture made, may serve
    a test that does not run the statement itself. At first only so many run as are cheap; then,
    for what survived, the slow tests of its own file, all others, and the slow ones of the room,
    which take `slow` seconds of the processor without a fault.
    """
    path, before, after, changed = made(tree, fault)
    where = {(fault.file, line) for line in fault.lines}
    near = [test for test, lines in recorded.lines.items() if lines & where]
    served = {file for file, lines in recorded.reached.items() if lines & where}
    rest = [test for test in recorded.lines if warm_tests.file_of(test) in served]
    tests = warm_tests.in_order(near, fault.file, recorded)
    tests += warm_tests.in_order(sorted(set(rest) - set(near)), fault.file, recorded)
    few = warm_tests.cheap(tests, recorded)
    path.write_text(after, "utf-8")
    try:
        if slow is None:
            killed = warm_tests.fail(tree, tests[:few], recorded)
        else:
            own = warm_tests.tests_of(fault.file)
            killed = (
                warm_tests.slow_ones_fail(tree, own, slow)
                or warm_tests.fail(tree, tests[few:], recorded)
                or warm_tests.slow_ones_fail(tree, f"tests/{room}", slow)
            )
    finally:
        path.write_text(before, "utf-8")
    return told(fault) | {"change": changed, "killed": killed, "tried": slow is not None}


def made(tree: Path, fault: Fault) -> tuple[Path, str, str, str]:
    """The file of a fault, its text without and with it, and the lines that it changes."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    path = tree / "src" / "tocsin" / fault.file
    before = path.read_text("utf-8")
    after = mutate_code(before, get_operator(f"core/{fault.operator}")(), fault.occurrence)
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0))[2:]
    return path, before, after, " → ".join(line[1:].strip() for line in lines if line[:1] in "+-")


def still_there(
    tree: Path, every: list[Fault], survivors: list[dict[str, Any]]
) -> list[tuple[dict[str, Any], Fault]]:
    """The faults that survived and can still be made, whatever was changed around them."""
    left = {name_of(survivor): survivor for survivor in survivors}
    near = {name[:-1] for name in left}
    found = []
    for fault in every:
        place = name_of(told(fault) | {"change": ""})[:-1]
        if place in near and (one := left.pop((*place, made(tree, fault)[-1]), None)):
            found.append((one, fault))
    return found


def told(fault: Fault) -> dict[str, Any]:
    """Which fault it is, for the page and for a later run."""
    return {key: value for key, value in fault._asdict().items() if key != "lines"}


def name_of(fault: dict[str, Any]) -> tuple[str, ...]:
    """What tells one fault of a room from another, while its lines stay as they are."""
    return fault["file"], fault["function"], fault["operator"], fault["change"]


def page(found: dict[str, Any]) -> str:
    """`docs/mutants.md`: a table of rooms, and each survivor under the reason that it has."""
    reasons = tomllib.loads(REASONS.read_text("utf-8")) if REASONS.exists() else {}
    lines = [
        "# Mutants: do the tests see a change?",
        "",
        "Written by `scripts/mutants.py`; the reasons are in `docs/mutants.toml`. A mutant is the",
        "code with one small fault; one that no test of its room fails on has survived. Where not",
        "all ran, those that did were drawn by chance with a fixed seed. `at first` is the share",
        "that survived when drawn, and an estimate for the whole room; `now` is the share that is",
        "left after tests were written for some of them, and these are listed. What went with code",
        "that did nothing is no longer among those that were run. Where the seed is 101 or more,",
        "no test had been written for the sample before it was drawn.",
        "",
        "| room | mutants | run | at first | now | minutes | date | machine | command |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for room, said in sorted(found.items()):
        now = len(said["survivors"])
        shares = [
            f"{many} ({100 * many / max(of, 1):.0f} %)"
            for many, of in (
                (said.get("at_first", now), said.get("run_at_first", said["run"])),
                (now, said["run"]),
            )
        ]
        lines.append(
            f"| {room} | {said['mutants']} | {said['run']} | {' | '.join(shares)} "
            f"| {said['minutes']} | {said['date']} | {said['machine']} | `{said['command']}` |"
        )
    for room, said in sorted(found.items()):
        if said["survivors"]:
            why = reasons.get(room, []) + reasons.get("every", [])
            lines += ["", f"## {room}", *_survivors(said["survivors"], why)]
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
    so_far = "" if survivor.get("tried", True) else " (not tried on all tests)"
    where = f"`{survivor['file']}`, `{survivor['function']}`, {survivor['operator']}"
    return f"- {where}: `{change}`{so_far}"


if __name__ == "__main__":
    main()
