"""The tables of scoring."""

from scoring.models.exposure import Exposure
from scoring.models.layers import PopulationGroup, PopulationLayer
from scoring.models.questions import ExposureQuestion
from scoring.models.rescoring import Rescoring, ScoringBlock
from scoring.models.risk import RiskCell, RiskHistory, RiskRun

__all__ = [
    "Exposure",
    "ExposureQuestion",
    "PopulationGroup",
    "PopulationLayer",
    "Rescoring",
    "RiskCell",
    "RiskHistory",
    "RiskRun",
    "ScoringBlock",
]
