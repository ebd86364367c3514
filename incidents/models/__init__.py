"""The record's tables."""

from incidents.models.amendments import ConsentChange, ReportWithdrawal
from incidents.models.boundaries import BoundaryPart, BoundaryRelease, BoundaryUnit
from incidents.models.casework import Assignment, Comment
from incidents.models.evidence import Evidence, EvidenceLink, WorkingCopy
from incidents.models.imports import HeaderMapping, ImportRun, RejectedRow
from incidents.models.incidents import Assessment, Incident, Publication
from incidents.models.matching import MatchSuggestion
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
    "ConsentChange",
    "Evidence",
    "EvidenceLink",
    "HeaderMapping",
    "ImportRun",
    "Incident",
    "MatchSuggestion",
    "MergeRecord",
    "Publication",
    "RejectedRow",
    "Relay",
    "Report",
    "ReportWithdrawal",
    "Response",
    "Source",
    "WorkingCopy",
]
