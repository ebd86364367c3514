"""Routes: tokens, webhooks, people and organisations."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
