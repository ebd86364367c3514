"""Routes: the map of incidents, risk and people."""

from django.urls import path

from monitor.overview import people, views

urlpatterns = [
    path("map/", views.OverviewPage.as_view(), name="map"),
    path("map/features/", views.Features.as_view(), name="map-features"),
    path("map/people/", people.PeoplePage.as_view(), name="map-people"),
    path("map/people/<uuid:question_id>/", people.AnswerPage.as_view(), name="map-answer"),
]
