"""The tables of scoring."""

from scoring.models.exposure import Exposure
from scoring.models.layers import PopulationLayer

__all__ = ["Exposure", "PopulationLayer"]
