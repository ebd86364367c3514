"""Routes: the map of incidents, risk and people."""

from django.urls import path

from monitor.overview import people, views

_TILE = "<int:z>/<int:x>/<int:y>"

urlpatterns = [
    path("map/", views.OverviewPage.as_view(), name="map"),
    path("map/cells/", views.Cells.as_view(), name="map-cells"),
    path(f"map/tiles/{_TILE}.mvt", views.Incidents.as_view(), name="map-tile"),
    path(f"map/towns/{_TILE}.mvt", views.Towns.as_view(), name="map-towns"),
    path(f"map/population/{_TILE}.png", views.Population.as_view(), name="map-population"),
    path("map/people/", people.PeoplePage.as_view(), name="map-people"),
    path("map/people/<uuid:question_id>/", people.AnswerPage.as_view(), name="map-answer"),
]
