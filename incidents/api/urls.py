"""Addresses of the record's REST API, below /api/v1/."""

from django.urls import path

from incidents.api import (
    amendments,
    evidence,
    matching,
    merging,
    proof,
    timeline,
    views,
    workflow,
)

urlpatterns = [
    path("reports/", views.ReportList.as_view()),
    path("reports/<uuid:report_id>/", views.ReportDetail.as_view(), name="report-detail"),
    path("reports/<uuid:report_id>/evidence/", evidence.ReportEvidence.as_view()),
    path("reports/<uuid:report_id>/links/", evidence.ReportLinks.as_view()),
    path("reports/<uuid:report_id>/corrections/", amendments.ReportCorrect.as_view()),
    path("reports/<uuid:report_id>/withdraw/", amendments.ReportWithdraw.as_view()),
    path("reports/<uuid:report_id>/consent/", amendments.ReportConsent.as_view()),
    path("reports/<uuid:report_id>/sealed/", amendments.ReportSealed.as_view()),
    path("evidence/<uuid:evidence_id>/", evidence.EvidenceDetail.as_view(), name="evidence-detail"),
    path("evidence/<uuid:evidence_id>/file/", evidence.EvidenceFile.as_view()),
    path("intake/kobo/", views.KoboIntake.as_view()),
    path("incidents/", views.IncidentList.as_view()),
    path("incidents/<uuid:incident_id>/", views.IncidentDetail.as_view()),
    path("incidents/<uuid:incident_id>/timeline/", timeline.IncidentTimeline.as_view()),
    path("incidents/<uuid:incident_id>/assessments/", views.IncidentAssess.as_view()),
    path("incidents/<uuid:incident_id>/publish/", views.IncidentPublish.as_view()),
    path("incidents/<uuid:incident_id>/triage/", workflow.IncidentTriage.as_view()),
    path("incidents/<uuid:incident_id>/withdraw/", workflow.IncidentWithdraw.as_view()),
    path("incidents/<uuid:incident_id>/merge/", merging.IncidentMerge.as_view()),
    path("incidents/<uuid:incident_id>/split/", merging.IncidentSplit.as_view()),
    path("incidents/<uuid:incident_id>/proof/", proof.IncidentProof.as_view()),
    path("merges/<uuid:merge_id>/undo/", merging.MergeUndo.as_view()),
    path("incidents/<uuid:incident_id>/matches/", matching.IncidentMatches.as_view()),
    path("matches/", matching.MatchList.as_view()),
    path("matches/<uuid:match_id>/dismiss/", matching.MatchDismiss.as_view()),
]
