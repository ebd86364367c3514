"""All routes."""

from django.urls import include, path

from core.language import language
from feed.api.programs import program
from ledger import api, health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path(".well-known/harmwatch-keys.json", api.keys),
    path(".well-known/harmwatch-ledger.json", api.heads),
    path("api/v1/", include("accounts.api_urls")),
    path("api/v1/", include("incidents.api.urls")),
    path("api/v1/", include("scoring.api.urls")),
    path("api/v1/", include("feed.api.urls")),
    path("clients/<str:name>", program),
    path("ogc/", include("feed.urls")),
    path("tiles/", include("feed.tiles.urls")),
    path("openrosa/", include("incidents.api.openrosa_urls")),
    path("language/<slug:code>", language, name="language"),
    path("account/", include("accounts.urls")),
    path("", include("monitor.urls")),
]

handler400 = "core.problems.bad_request"
handler403 = "core.problems.not_allowed"
handler404 = "core.problems.not_found"
handler500 = "core.problems.server_error"
