"""What an answer rests on: which parameters move it, and under which a portfolio fails."""

from tocsin.plan.exploration.futures import Contest, contest
from tocsin.plan.exploration.sensitivity import Sensitivity, sensitivity
from tocsin.plan.exploration.weaknesses import Weaknesses, weaknesses

__all__ = ["Contest", "Sensitivity", "Weaknesses", "contest", "sensitivity", "weaknesses"]
