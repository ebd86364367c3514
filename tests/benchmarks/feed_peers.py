"""What a plain project would serve from the same table: DRF with django-rest-framework-gis."""

from datetime import datetime

from django.contrib.gis.geos import Polygon
from django.urls import path
from rest_framework import generics, pagination
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from feed.models import LogEntry

NAMES = (
    *("object_id", "grade", "weapon", "weapon_class", "time_start", "time_end", "country"),
    *("uncertainty_m", "killed_min", "killed_best", "killed_max", "civilians_killed_best"),
    *("exposure_1km", "exposure_2km", "exposure_5km"),
)


class Shape(GeoFeatureModelSerializer):
    class Meta:
        model = LogEntry
        geo_field = "geometry"
        fields = NAMES


class Pages(pagination.CursorPagination):
    ordering = ("-time_start", "-seq")
    page_size_query_param = "limit"
    max_page_size = 10_000


class Items(generics.ListAPIView):
    permission_classes = ()
    authentication_classes = ()
    serializer_class = Shape
    pagination_class = Pages

    def get_queryset(self):
        given = self.request.query_params
        start, end = given["datetime"].split("/")
        chosen = {name: given[name] for name in ("grade",) if name in given}
        return LogEntry.objects.filter(
            audience="public",
            kind="incident",
            seq__isnull=False,
            closed_by_seq=None,
            **chosen,
            geometry__intersects=Polygon.from_bbox(given["bbox"].split(",")),
            time_start__lte=datetime.fromisoformat(end),
            time_end__gte=datetime.fromisoformat(start),
        ).exclude(feature="")


urlpatterns = [path("items", Items.as_view())]
