"""Routes: what needs a decision, and deciding it."""

from django.urls import path

from monitor.queue import pairs, views

urlpatterns = [
    path("queue/", views.QueuePage.as_view(), name="queue"),
    path("queue/bulk/", views.BulkPage.as_view(), name="bulk"),
    path("queue/matches/", pairs.PairsPage.as_view(), name="pairs"),
    path("matches/<uuid:match_id>/", pairs.OfPair.as_view(), name="pair"),
    path("matches/<uuid:match_id>/merge/", pairs.MergeDeed.as_view(), name="merge"),
    path("matches/<uuid:match_id>/dismiss/", pairs.DismissDeed.as_view(), name="dismiss"),
    path("incidents/<uuid:incident_id>/matches/", pairs.CandidatesPage.as_view(), name="matches"),
    path("incidents/<uuid:incident_id>/split/", pairs.SplitDeed.as_view(), name="split"),
    path("merges/<uuid:merge_id>/undo/", pairs.UndoDeed.as_view(), name="undo"),
]
