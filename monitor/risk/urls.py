"""Routes: ranked places, forecasts against what happened."""

from django.urls import path

from monitor.risk import views

urlpatterns = [
    path("risk/", views.RankingPage.as_view(), name="risk"),
    path("risk/calibration/", views.CalibrationPage.as_view(), name="risk-calibration"),
    path("risk/<str:cell>/", views.CellPage.as_view(), name="risk-cell"),
]
