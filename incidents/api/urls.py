"""Addresses of the record's REST API, below /api/v1/."""

from django.urls import path

from incidents.api import imports, merging, timeline, views, workflow

urlpatterns = [
    path("reports/", views.ReportList.as_view()),
    path("reports/<uuid:report_id>/", views.ReportDetail.as_view(), name="report-detail"),
    path("intake/kobo/", views.KoboIntake.as_view()),
    path("imports/", imports.ImportList.as_view()),
    path("imports/template/", imports.ImportTemplate.as_view()),
    path("imports/codebook/", imports.ImportCodebook.as_view()),
    path("imports/<uuid:import_id>/", imports.ImportDetail.as_view(), name="import-detail"),
    path(
        "imports/<uuid:import_id>/rejected/",
        imports.ImportRejected.as_view(),
        name="import-rejected",
    ),
    path("incidents/", views.IncidentList.as_view()),
    path("incidents/<uuid:incident_id>/", views.IncidentDetail.as_view()),
    path("incidents/<uuid:incident_id>/timeline/", timeline.IncidentTimeline.as_view()),
    path("incidents/<uuid:incident_id>/assessments/", views.IncidentAssess.as_view()),
    path("incidents/<uuid:incident_id>/publish/", views.IncidentPublish.as_view()),
    path("incidents/<uuid:incident_id>/triage/", workflow.IncidentTriage.as_view()),
    path("incidents/<uuid:incident_id>/withdraw/", workflow.IncidentWithdraw.as_view()),
    path("incidents/<uuid:incident_id>/merge/", merging.IncidentMerge.as_view()),
    path("incidents/<uuid:incident_id>/split/", merging.IncidentSplit.as_view()),
    path("merges/<uuid:merge_id>/undo/", merging.MergeUndo.as_view()),
]
