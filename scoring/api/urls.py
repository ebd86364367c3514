"""Addresses of exposure, below /api/v1/."""

from django.urls import path

from scoring.api import questions, rescoring, views

urlpatterns = [
    path("exposure/", questions.ExposureQuestions.as_view()),
    path(
        "exposure/<uuid:question_id>/",
        questions.ExposureQuestionDetail.as_view(),
        name="exposure-question",
    ),
    path("rescorings/", rescoring.Rescorings.as_view()),
    path("incidents/<uuid:incident_id>/exposure/", views.IncidentExposure.as_view()),
]
