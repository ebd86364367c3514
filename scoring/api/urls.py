"""Addresses of exposure, below /api/v1/."""

from django.urls import path

from scoring.api import views

urlpatterns = [
    path("incidents/<uuid:incident_id>/exposure/", views.IncidentExposure.as_view()),
]
