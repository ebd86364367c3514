"""Addresses for phones, below /openrosa/: as they are for Basic login, or after ``key/SECRET/``."""

from django.urls import include, path

from incidents.api import openrosa

_routes = [
    path("formList", openrosa.form_list, name="openrosa-form-list"),
    path("forms/strike.xml", openrosa.form, name="openrosa-form"),
    path("forms/strike/manifest", openrosa.manifest, name="openrosa-manifest"),
    path("submission", openrosa.submission, name="openrosa-submission"),
]
urlpatterns = [*_routes, path("key/<str:key>/", include(_routes))]
