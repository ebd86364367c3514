"""Addresses of the publication log, below /api/v1/."""

from django.urls import path

from feed.api import changes

app_name = "log"
urlpatterns = [
    path("changes", changes.ChangeList.as_view(), name="changes"),
    path("changes/digest", changes.ChangeDigest.as_view(), name="digest"),
]
