"""The rules of the house, kept by a test."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from participles import find_participles

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "tocsin"
MODULES = sorted(SOURCE.rglob("*.py"))
MOST_PARTICIPLES = 30
"""So many were left, with room for what others had begun; the number may fall."""


def test_a_file_is_short_and_says_what_it_is() -> None:
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 400, path
        assert text.startswith('"""') or not text.strip(), path
        assert path.stem not in {"utils", "helpers", "manager", "common", "misc"}, path


MOST_LINES = 60
"""What fits a screen; a docstring and the parameters do not count."""
TABLES_OF_LINES = {"share/server/database/migrations/versions/first.py: upgrade"}
"""Functions that are a list of tables and columns, one a line, and nothing else."""


@pytest.mark.slow
def test_a_function_fits_a_screen() -> None:
    long = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) is not None else node.body
                lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
                long[f"{path.relative_to(SOURCE)}: {node.name}"] = lines
    over = {name: lines for name, lines in long.items() if lines > MOST_LINES}
    assert not over.keys() - TABLES_OF_LINES, over


def test_tests_mirror_the_source() -> None:
    for path in (ROOT / "tests").rglob("test_*.py"):
        place = path.relative_to(ROOT / "tests")
        if len(place.parts) > 1:
            name = place.stem.removeprefix("test_").replace("init", "__init__")
            assert (SOURCE / place.parent / f"{name}.py").exists(), path


def test_a_room_holds_at_most_twelve_things() -> None:
    """A folder of data counts as a room of its own."""
    for room in [SOURCE, *(path for path in SOURCE.rglob("*") if path.is_dir())]:
        if room.name != "__pycache__":
            names = {path.name for path in room.iterdir() if not path.name.startswith("__")}
            assert len(names - {"py.typed"}) <= 12, f"{room.relative_to(SOURCE)}: {sorted(names)}"


def test_importing_is_light() -> None:
    heavy = "jax,altair,splink,scoringrules,scipy,vl_convert,weasyprint,duckdb,polars"
    code = f"import sys, tocsin; print([m for m in '{heavy}'.split(',') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_no_file_names_a_registry_or_this_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    forbidden = re.compile(rb"py" + rb"pi\.org|pythonho" + rb"sted|/wo" + rb"rk/|/ro" + rb"ot/")
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.suffix not in {".gz", ".topojson"}:
            assert not forbidden.search(path.read_bytes()), name


def test_links_in_the_documents_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_no_noun_hides_a_name_of_the_schema() -> None:
    """Importing a module sets its name in the package, over whatever was there."""
    import tocsin.schema

    assert not {path.stem for path in (SOURCE / "schema").glob("*.py")} & set(tocsin.schema.__all__)


@pytest.mark.slow
def test_functions_are_not_named_by_bare_participles() -> None:
    """Some are left (docs/decisions/0157); none is to be added, but by what keeps old names."""
    found = [one for one in find_participles() if not one.startswith("front/old/")]
    assert len(found) <= MOST_PARTICIPLES, "\n".join(found)


@pytest.mark.slow
def test_no_modules_import_each_other_in_a_circle() -> None:
    """Imports inside functions and for type checking count, as do a room's own `__init__`s.

    A room may hand on what its files make: `__init__` imports the file. A file that imports
    from its room's `__init__` what reaches back to the file would be a circle, and is found
    here. That Python runs `tocsin.a` before `tocsin.a.b` is no import that anybody wrote, and
    does not count. Circles among rooms as wholes are a contract of import-linter.
    """
    import grimp

    graph = grimp.build_graph("tocsin", cache_dir=None)
    imports = {one: graph.find_modules_directly_imported_by(one) for one in graph.modules}
    assert len(imports) > 200
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as circle:
        pytest.fail(" imports ".join(reversed(circle.args[1])))


TOOLS = {
    "editables": "hatchling's editable installs",
    "furo": "named in docs/conf.py",
    "hatchling": "builds the package",
    "import-linter": "a command of `make check`",
    "mypy": "a command of `make check`",
    "myst-parser": "named in docs/conf.py",
    "pytest-xdist": "a plug-in of pytest",
    "ruff": "a command of `make check`",
    "sphinx": "a command of `make docs`",
    "sphinx-copybutton": "named in docs/conf.py",
}
"""Dependencies that are used without being imported by name, and how."""


@pytest.mark.slow
def test_no_dependency_is_imported_by_nothing() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras, groups = project["project"]["optional-dependencies"], project["dependency-groups"]
    core = project["project"]["dependencies"]
    runtime = [*core, *(one for some in extras.values() for one in some)]
    tools = [one for some in groups.values() for one in some if isinstance(one, str)]
    everywhere = ("src", "tests", "scripts", "benchmarks", "docs")
    for listed, folders in ((runtime, ("src",)), (tools, everywhere)):
        wanted = {_plain(re.split(r"[\[<>=~! ;]", one)[0]) for one in listed}
        unused = wanted - _distributions(folders) - set(TOOLS) - {"tocsin"}
        assert not unused, f"nothing in {folders} imports {sorted(unused)}"


def _distributions(folders: tuple[str, ...]) -> set[str]:
    """The distributions that the Python files of some folders import something of."""
    imported: set[str] = set()
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            imported |= _imports(path)
    known = _known()
    return {_plain(one) for module in imported for one in (module, *known.get(module, ()))}


_known = cache(packages_distributions)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def _imports(path: Path) -> set[str]:
    """Modules that a file imports, `require("…")` and `importorskip("…")` included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            if called in {"require", "importorskip"}:
                found.add(str(node.args[0].value))
    return {name.partition(".")[0] for name in found}


ONLY_THERE = {
    r"\b6_?3[5-9]\d(?![\d_])": ("schema/geography/distance.py",),
    r"\bhaversine|\barcsin\(|\b(?:arc|a)cos\(": ("schema/geography/distance.py",),
    r"\basin\(": ("schema/geography/grids.py",),
    r"\b111\.\d": ("schema/geography/distance.py",),
    r"os\.fsync|\.write_(?:bytes|text)\([^)]*\)\n.*\.(?:replace|rename)\(": ("base/atomic.py",),
    r"\b(?:os\.(?:replace|rename|link)|shutil\.move)\(": (
        "base/atomic.py", "share/server/running/backup.py",
    ),
    r"normalize\(\"NFK?D\"": ("schema/vocabulary/folding.py", "schema/geography/grammar.py"),
    r"unicodedata\.(combining|decimal)\(": ("schema/vocabulary/folding.py",),
    r"TOLERANCE_KM\b.* = ": ("observe/checks/places.py",),
    r"= \"status quo\"": ("schema/vocabulary/portfolio.py",),
    r"(?i)#(d55e00|0072b2|009e73|cc79a7)": ("base/display/colours.py",),
    r"^(?:class|def) (?:Span|Run|MappingFile|read_mapping|great_circle_km)\b": (
        "observe/checks/spans.py", "schema/run.py", "schema/mapping/__init__.py",
        "schema/geography/distance.py",
    ),
    # What is imported by a text is in no graph of imports, in which circles are looked for.
    r"__import__\(|import_module\(\s*f?\"tocsin\b|import_module\(\s*f\"\{": (
        "__init__.py", "cli/verbs.py", "front/old/__init__.py", "workspace/steps.py",
    ),
}  # fmt: skip
"""What once stood in several places, as a pattern, and the files of `tocsin` that may hold it."""


def test_what_stands_in_one_place_has_no_second_copy() -> None:
    """Foldings, distances, whole writes, colours, names of what is compared, and mappings."""
    texts = {path.relative_to(SOURCE).as_posix(): path.read_text("utf-8") for path in MODULES}
    for pattern, places in ONLY_THERE.items():
        seen = re.compile(pattern, re.MULTILINE)
        found = {name for name, text in texts.items() if seen.search(text)}
        assert found <= {*places}, f"{pattern}: {sorted(found - {*places})}"
        assert found, f"nothing holds {pattern} any more"
