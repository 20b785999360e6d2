"""pandapower's own form of a network, written by hand, and files that are none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.errors import SourceRefused
from tocsin.plan.networks import read_pandapower, read_services


def frame(columns: list[str], *rows: list[Any]) -> dict[str, Any]:
    """A table as pandapower writes it: JSON in a text, 'split' by columns, numbers and rows."""
    split = {"columns": columns, "index": list(range(len(rows))), "data": rows}
    return {"_module": "pandas.core.frame", "_class": "DataFrame", "_object": json.dumps(split),
            "orient": "split"}  # fmt: skip


def tables() -> dict[str, Any]:
    ends = ["from_bus", "to_bus", "in_service"]
    return {
        "bus": frame(["name", "zone", "in_service"], ["a", 1.0, True], ["b", None, True],
                     ["c", "old town", True], ["d", None, False], ["e", None, True]),
        "load": frame(["bus", "p_mw", "scaling", "in_service"], [1, 2.0, 0.5, True],
                      [2, 3.0, 1.0, False]),
        "ext_grid": frame(["bus", "in_service"], [0, True]),
        "line": frame(ends, [0, 1, True], [1, 2, False], [0, 3, True], [1, 4, True]),
        "trafo": frame(["hv_bus", "lv_bus", "in_service"], [0, 2, True]),
        "switch": frame(["bus", "element", "et", "closed"], [1, 3, "l", False],
                        [2, 4, "b", True]),
    }  # fmt: skip


def write(path: Path, held: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"_class": "pandapowerNet", "_object": held}))
    return path


def test_what_is_in_service_and_switched_on_is_there(tmp_path: Path) -> None:
    found = read_pandapower(write(tmp_path / "grid.json", tables()))
    assert found.nodes.select("id", "district", "people", "supply").rows() == [
        ("power:0", "zone 1", "0.0", "True"), ("power:1", "grid", "1000.0", "False"),
        ("power:2", "old town", "0.0", "False"), ("power:4", "grid", "0.0", "False"),
    ]  # fmt: skip
    assert set(found.edges.select("source", "target").rows()) == {
        ("power:0", "power:1"), ("power:0", "power:2"), ("power:2", "power:4"),
    }  # fmt: skip
    assert read_services(found.nodes, found.edges).nodes == 4


def test_panels_follow_the_grid_and_loads_may_differ_by_phase(tmp_path: Path) -> None:
    held = tables()
    held["sgen"] = frame(["bus", "in_service"], [1, True])
    held["asymmetric_load"] = frame(
        ["bus", "p_a_mw", "p_b_mw", "p_c_mw", "in_service"], [2, 0.1, 0.2, 0.3, True]
    )
    found = read_pandapower(write(tmp_path / "grid.json", held))
    assert found.nodes["supply"].to_list() == ["True", "False", "False", "False"]
    assert float(found.nodes["people"][2]) == pytest.approx(600.0)
    assert found.assumed[-1] == "Static generators follow the grid and are no sources: 1."
    del held["ext_grid"]
    alone = read_pandapower(write(tmp_path / "grid.json", held))
    assert alone.nodes["supply"].to_list() == ["False", "True", "False", "False"]


def test_a_line_to_no_bus_is_named(tmp_path: Path) -> None:
    held = tables()
    held["line"] = frame(["from_bus", "to_bus", "in_service"], [0, 77, True])
    with pytest.raises(SourceRefused, match=r"There is no bus 77") as told:
        read_pandapower(write(tmp_path / "grid.json", held))
    assert "grid.json, line 0" in str(told.value)


@pytest.mark.parametrize(("bus", "load", "said"), [(9, 0.5, "no bus 9"), (1, None, "finite")])
def test_a_load_that_cannot_be_is_named(
    tmp_path: Path, bus: int, load: float | None, said: str
) -> None:
    held = tables()
    infinite = float("inf") if load is None else load
    held["load"] = frame(["bus", "p_mw", "in_service"], [bus, infinite, True])
    with pytest.raises(SourceRefused, match=said) as told:
        read_pandapower(write(tmp_path / "grid.json", held))
    assert told.value.where == "grid.json, load 0"


@pytest.mark.parametrize("lacking", ["bus", "ext_grid"])
def test_what_lacks_is_said(tmp_path: Path, lacking: str) -> None:
    held = tables()
    del held[lacking]
    with pytest.raises(SourceRefused, match=r"(T|t)here is no"):
        read_pandapower(write(tmp_path / "grid.json", held))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["_object", "bus", "line", "index", "data", "columns", "ext_grid"]), inner
    ),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
@settings(max_examples=100)
def test_any_other_json_is_refused_in_words(tmp_path_factory: Any, held: Any) -> None:
    path = tmp_path_factory.mktemp("grid") / "any.json"
    path.write_text(json.dumps(held))
    with pytest.raises(SourceRefused):
        read_pandapower(path)


def test_what_says_nothing_of_service_is_in_service(tmp_path: Path) -> None:
    held = tables() | {"bus": frame(["name"], ["a"], ["b"], ["c"], ["d"], ["e"])}
    found = read_pandapower(write(tmp_path / "grid.json", held))
    assert found.nodes["id"].to_list() == [f"power:{n}" for n in range(5)]


def test_what_a_table_does_not_say_has_its_usual_meaning(tmp_path: Path) -> None:
    """A switch is closed, a load is of its whole size, and one without a size is none."""
    held = tables() | {
        "load": frame(["bus", "p_mw"], [1, 2.0], [2, None], [4, -3.0]),
        "switch": frame(["bus", "element", "et"], [1, 3, "l"], [2, 4, "b"]),
    }
    found = read_pandapower(write(tmp_path / "grid.json", held))
    people = dict(found.nodes.select("id", "people").rows())
    assert people == {"power:0": "0.0", "power:1": "2000.0", "power:2": "0.0", "power:4": "0.0"}
    joined = set(found.edges.select("source", "target").rows())
    assert {("power:1", "power:4"), ("power:2", "power:4")} <= joined


def test_a_row_with_a_cell_too_few_is_refused(tmp_path: Path) -> None:
    held = tables() | {"load": frame(["bus", "p_mw", "scaling"], [1, 2.0])}
    with pytest.raises(SourceRefused, match="table 'load' cannot be read"):
        read_pandapower(write(tmp_path / "grid.json", held))


@pytest.mark.parametrize(
    ("opened", "joined"),
    [([], {(0, 1), (0, 4)}), ([1], {(0, 4)}), ([0], {(1, 4)}), ([0, 4], set())],
)
def test_a_switch_takes_off_one_end_of_three(
    tmp_path: Path, opened: list[int], joined: set[tuple[int, int]]
) -> None:
    held = tables()
    held["trafo3w"] = frame(["hv_bus", "mv_bus", "lv_bus", "in_service"], [0, 1, 4, True])
    held["switch"] = frame(
        ["bus", "element", "et", "closed"], *([bus, 0, "t3", False] for bus in opened)
    )
    held["line"] = frame(["from_bus", "to_bus", "in_service"])
    held["trafo"] = frame(["hv_bus", "lv_bus", "in_service"])
    found = read_pandapower(write(tmp_path / "grid.json", held)).edges.select("source", "target")
    assert set(found.rows()) == {(f"power:{one}", f"power:{two}") for one, two in joined}
