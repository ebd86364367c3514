"""Routes: tokens, webhooks, people and organisations."""

from django.urls import path

from monitor.account import access, views

urlpatterns = [
    path("account/", views.Profile.as_view(), name="account"),
    path("account/membership/", views.ActFor.as_view(), name="act_for"),
    path("account/second-factor/", access.second_factor, name="second_factor"),
]
