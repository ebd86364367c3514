"""Routes: the map of incidents, risk and people."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
