"""Routes: ranked places, forecasts against what happened."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
