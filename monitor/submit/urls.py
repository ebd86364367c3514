"""Routes: reports, imports and receipts of those who submit."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
