"""Addresses of exposure, below /api/v1/."""

from django.urls import path

from scoring.api import questions, rescoring, risk, views

urlpatterns = [
    path("exposure/", questions.ExposureQuestions.as_view()),
    path(
        "exposure/<uuid:question_id>/",
        questions.ExposureQuestionDetail.as_view(),
        name="exposure-question",
    ),
    path("rescorings/", rescoring.Rescorings.as_view()),
    path("risk/", risk.RiskCells.as_view()),
    path("risk/runs/", risk.RiskRuns.as_view()),
    path("risk/units/", risk.RiskUnitList.as_view()),
    path("risk/<str:cell>/", risk.RiskCellDetail.as_view()),
    path("incidents/<uuid:incident_id>/exposure/", views.IncidentExposure.as_view()),
]
