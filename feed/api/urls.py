"""Addresses of the publication log, below /api/v1/."""

from django.urls import path

from feed.api import changes, exports, redaction, releases, webhooks

app_name = "log"
urlpatterns = [
    path("changes", changes.ChangeList.as_view(), name="changes"),
    path("changes/digest", changes.ChangeDigest.as_view(), name="digest"),
    path("exports/<str:file_name>", exports.ExportDetail.as_view(), name="export"),
    path("releases/", releases.ReleaseList.as_view(), name="releases"),
    path("releases/<slug:name>/", releases.ReleaseDetail.as_view(), name="release"),
    path("releases/<slug:name>/files/<str:file_name>", releases.ReleaseFileDetail.as_view()),
    path("incidents/<uuid:incident_id>/redact/", redaction.IncidentRedact.as_view()),
    path("webhooks/", webhooks.WebhookList.as_view()),
    path("webhooks/<uuid:webhook_id>/", webhooks.WebhookDetail.as_view()),
    path("webhooks/<uuid:webhook_id>/pause/", webhooks.WebhookPause.as_view()),
    path("webhooks/<uuid:webhook_id>/resume/", webhooks.WebhookResume.as_view()),
    path("webhooks/<uuid:webhook_id>/rotate/", webhooks.WebhookRotate.as_view()),
    path("webhooks/<uuid:webhook_id>/ping/", webhooks.WebhookPing.as_view()),
    path("webhooks/<uuid:webhook_id>/replay/", webhooks.WebhookReplay.as_view()),
    path("webhooks/<uuid:webhook_id>/deliveries/", webhooks.DeliveryList.as_view()),
    path(
        "webhooks/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/replay/",
        webhooks.DeliveryReplay.as_view(),
    ),
]
