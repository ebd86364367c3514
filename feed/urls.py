"""Addresses of the feed, below /ogc/."""

from django.urls import path

from feed import ogc

app_name = "feed"
urlpatterns = [
    path("", ogc.Landing.as_view(), name="landing"),
    path("api", ogc.Api.as_view(), name="api"),
    path("conformance", ogc.Conformance.as_view(), name="conformance"),
    path("collections", ogc.Collections.as_view(), name="collections"),
    path("collections/<str:collection_id>", ogc.CollectionDetail.as_view(), name="collection"),
    path("collections/<str:collection_id>/queryables", ogc.Queryables.as_view(), name="queryables"),
    path("collections/<str:collection_id>/items", ogc.Items.as_view(), name="items"),
    path("collections/<str:collection_id>/items/<str:feature_id>", ogc.Item.as_view(), name="item"),
]
