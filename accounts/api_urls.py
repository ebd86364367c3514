"""Addresses of one's own credentials, below /api/v1/."""

from django.urls import path

from accounts import api

urlpatterns = [
    path("tokens/", api.TokenList.as_view()),
    path("tokens/<uuid:token_id>/", api.TokenDetail.as_view()),
    path("devices/", api.DeviceList.as_view()),
    path("devices/<uuid:device_id>/", api.DeviceDetail.as_view()),
]
