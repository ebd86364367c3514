"""Routes: the map of incidents, risk and people."""

from django.urls import path

from monitor.overview import views

urlpatterns = [
    path("map/", views.OverviewPage.as_view(), name="map"),
    path("map/features/", views.Features.as_view(), name="map-features"),
]
