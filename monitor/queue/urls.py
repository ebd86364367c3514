"""Routes: what needs a decision, and deciding it."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
