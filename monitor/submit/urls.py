"""Routes: reports, imports and receipts of those who submit."""

from django.urls import path

from monitor.submit import receipts, views

urlpatterns = [
    path("submit/", views.Submit.as_view(), name="submit"),
    path("receipts/", receipts.Receipts.as_view(), name="receipts"),
    path("receipts/<uuid:report_id>/", receipts.Receipt.as_view(), name="receipt"),
    path("receipts/<uuid:report_id>/file/", receipts.ReceiptFile.as_view(), name="receipt-file"),
]
