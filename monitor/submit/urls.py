"""Routes: reports, imports and receipts of those who submit."""

from django.urls import path

from monitor.submit import evidence, imports, mending, offline, receipts, views, waiting

_TEMPLATE = imports.ImportTemplate

urlpatterns = [
    path("submit/", views.Submit.as_view(), name="submit"),
    path("submit/waiting/", waiting.Waiting.as_view(), name="submit-waiting"),
    path("submit/offline/", offline.empty_form, name="submit-offline"),
    path("submit/sw.js", offline.worker, name="submit-worker"),
    path("submit/manifest.webmanifest", offline.manifest, name="submit-manifest"),
    path("receipts/", receipts.Receipts.as_view(), name="receipts"),
    path("receipts/<uuid:report_id>/", receipts.Receipt.as_view(), name="receipt"),
    path("receipts/<uuid:report_id>/file/", receipts.ReceiptFile.as_view(), name="receipt-file"),
    path(
        "receipts/<uuid:report_id>/evidence/",
        evidence.EvidenceAdd.as_view(),
        name="evidence-add",
    ),
    path("imports/", imports.Imports.as_view(), name="imports"),
    path("imports/template.xlsx", _TEMPLATE.as_view(file_format="xlsx"), name="template-xlsx"),
    path("imports/template.csv", _TEMPLATE.as_view(file_format="csv"), name="template-csv"),
    path("imports/<uuid:import_id>/", imports.Import.as_view(), name="import"),
    path(
        "imports/<uuid:import_id>/rejected/",
        imports.ImportRejected.as_view(),
        name="import-rejected",
    ),
    path("imports/<uuid:import_id>/mend/", mending.Mend.as_view(), name="import-mend"),
]
