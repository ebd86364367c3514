"""Addresses of the tiles, below /tiles/."""

from django.urls import path

from feed.tiles import views

app_name = "tiles"
urlpatterns = [
    path("<str:collection_id>/tile.json", views.TileJson.as_view(), name="tilejson"),
    path("<str:collection_id>/<int:z>/<int:x>/<int:y>.mvt", views.tile, name="tile"),
]
