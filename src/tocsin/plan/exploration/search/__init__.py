"""Search for portfolios that hold up: many objectives, within limits that nothing may cross."""

from tocsin.plan.exploration.search.generations import POPULATION, Algorithm, first_generation
from tocsin.plan.exploration.search.run import FRESH, search
from tocsin.plan.exploration.search.task import COST, Floats, Found, Task
from tocsin.plan.exploration.search.volume import compare_seeds, hypervolume

__all__ = [
    "COST",
    "FRESH",
    "POPULATION",
    "Algorithm",
    "Floats",
    "Found",
    "Task",
    "compare_seeds",
    "first_generation",
    "hypervolume",
    "search",
]
