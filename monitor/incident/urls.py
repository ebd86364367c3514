"""Routes: one incident, whole."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
