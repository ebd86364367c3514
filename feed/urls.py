"""Addresses of the feed, below /ogc/."""

from django.urls import path
from django.views.decorators.gzip import gzip_page

from feed.ogc import describing, features, schemas, units

app_name = "feed"
urlpatterns = [
    path("collections/admin-units/items", gzip_page(units.Units.as_view()), name="units"),
    path(
        "collections/admin-units/items/<uuid:unit_id>", gzip_page(units.Unit.as_view()), name="unit"
    ),
    path("", gzip_page(describing.Landing.as_view()), name="landing"),
    path("api", gzip_page(describing.Api.as_view()), name="api"),
    path("conformance", gzip_page(describing.Conformance.as_view()), name="conformance"),
    path("collections", gzip_page(describing.Collections.as_view()), name="collections"),
    path(
        "collections/<str:collection_id>",
        gzip_page(describing.CollectionDetail.as_view()),
        name="collection",
    ),
    path(
        "collections/<str:collection_id>/queryables",
        gzip_page(describing.Queryables.as_view()),
        name="queryables",
    ),
    path(
        "collections/<str:collection_id>/schema",
        gzip_page(schemas.DataSchema.as_view()),
        name="schema",
    ),
    path(
        "collections/<str:collection_id>/schema/geojson",
        gzip_page(schemas.FeatureSchema.as_view()),
        name="feature-schema",
    ),
    path("collections/<str:collection_id>/items", gzip_page(features.items_view), name="items"),
    path(
        "collections/<str:collection_id>/items/<str:feature_id>",
        gzip_page(features.Item.as_view()),
        name="item",
    ),
]
