"""Routes: one incident, whole."""

from django.urls import path

from monitor.incident import deeds, sealed, views

urlpatterns = [
    path("incidents/<uuid:incident_id>/", views.IncidentPage.as_view(), name="incident"),
    path("incidents/<uuid:incident_id>/timeline/", views.TimelinePage.as_view(), name="timeline"),
    path("incidents/<uuid:incident_id>/looking/", views.LookingPart.as_view(), name="looking"),
    path("incidents/<uuid:incident_id>/publish/", deeds.PublishDeed.as_view(), name="publish"),
    path("incidents/<uuid:incident_id>/grade/", deeds.GradeDeed.as_view(), name="grade"),
    path("incidents/<uuid:incident_id>/step/", deeds.StepDeed.as_view(), name="step"),
    path("incidents/<uuid:incident_id>/withdraw/", deeds.WithdrawDeed.as_view(), name="withdraw"),
    path("incidents/<uuid:incident_id>/embargo/", deeds.EmbargoDeed.as_view(), name="embargo"),
    path("incidents/<uuid:incident_id>/assign/", deeds.AssignDeed.as_view(), name="assign"),
    path("incidents/<uuid:incident_id>/comment/", deeds.CommentDeed.as_view(), name="comment"),
    path("incidents/<uuid:incident_id>/respond/", deeds.RespondDeed.as_view(), name="respond"),
    path("evidence/<uuid:evidence_id>/copy/", sealed.CopyFile.as_view(), name="copy"),
    path("evidence/<uuid:evidence_id>/original/", sealed.OriginalFile.as_view(), name="original"),
    path("reports/<uuid:report_id>/sealed/", sealed.SealedPage.as_view(), name="sealed"),
]
