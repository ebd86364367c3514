"""The record's tables."""

from incidents.models.boundaries import BoundaryPart, BoundaryRelease, BoundaryUnit
from incidents.models.evidence import Evidence
from incidents.models.imports import HeaderMapping, ImportRun, RejectedRow
from incidents.models.incidents import Assessment, Incident, Publication
from incidents.models.merging import MergeRecord
from incidents.models.reports import Claim, Relay, Report, Source

__all__ = [
    "Assessment",
    "BoundaryPart",
    "BoundaryRelease",
    "BoundaryUnit",
    "Claim",
    "Evidence",
    "HeaderMapping",
    "ImportRun",
    "Incident",
    "MergeRecord",
    "Publication",
    "RejectedRow",
    "Relay",
    "Report",
    "Source",
]
