"""The pages, by room."""

from django.urls import include, path

app_name = "monitor"
urlpatterns = [
    path("", include("monitor.public.urls")),
    path("", include("monitor.overview.urls")),
    path("", include("monitor.risk.urls")),
    path("", include("monitor.queue.urls")),
    path("", include("monitor.incident.urls")),
    path("", include("monitor.submit.urls")),
    path("", include("monitor.account.urls")),
]
