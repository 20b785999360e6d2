"""The model scored by another engine: Spark gives the same clusters."""

from __future__ import annotations

import shutil

import pytest

from tocsin.assess.linkage.link import link_records
from tocsin.bench.linkage.measure import events_of, retell
from tocsin.observe import example_files, observe


@pytest.mark.release
def test_spark_and_duckdb_give_the_same_clusters() -> None:
    why = "needs PySpark, which is in the group `spark`: `make check-all` installs it"
    sql = pytest.importorskip("pyspark.sql", reason=why)
    backend = pytest.importorskip("splink.backends.spark", reason=why)
    if shutil.which("java") is None:
        pytest.skip("needs Java: sudo apt-get install default-jre-headless")
    events = events_of(observe(example_files())["reports"], before=True)
    rows, _ = retell(events.sort("date_start", "id").head(150), "medium", sources=3, seed=5)
    here = link_records(rows)
    session = (
        sql.SparkSession.builder.master("local[1]")
        .config("spark.jars", backend.similarity_jar_location())
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.ui.enabled", "false")
        # The conditions in one piece are more code than one Java method may hold.
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.driver.memory", "1g")
        .config("spark.driver.host", "localhost")
        .getOrCreate()
    )
    try:
        engine = backend.SparkAPI(spark_session=session, break_lineage_method="persist")
        there = link_records(rows, engine=engine)
    finally:
        session.stop()
    assert there.clusters.equals(here.clusters)
    assert there.links.equals(here.links)
    assert here.pairs is not None
    assert there.pairs is not None
    gap = here.pairs["weight"] - there.pairs["weight"]
    assert there.pairs.select("left", "right").equals(here.pairs.select("left", "right"))
    assert gap.abs().to_numpy().max() < 1e-9
    assert here.links.height > 50
