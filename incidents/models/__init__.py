"""The record's tables."""

from incidents.models.boundaries import BoundaryPart, BoundaryRelease, BoundaryUnit
from incidents.models.casework import Assignment, Comment
from incidents.models.evidence import Evidence
from incidents.models.incidents import Assessment, Incident, Publication
from incidents.models.merging import MergeRecord
from incidents.models.reports import Claim, Relay, Report, Source
from incidents.models.responses import Response

__all__ = [
    "Assessment",
    "Assignment",
    "BoundaryPart",
    "BoundaryRelease",
    "BoundaryUnit",
    "Claim",
    "Comment",
    "Evidence",
    "Incident",
    "MergeRecord",
    "Publication",
    "Relay",
    "Report",
    "Response",
    "Source",
]
