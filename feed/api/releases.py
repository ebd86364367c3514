"""Releases: listed, asked for, checked and fetched."""

from typing import Any

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import actor_of_request
from accounts.permissions import Action, requires
from core.canonical import canonical_json
from core.errors import DomainError, NotFound
from feed.api import schema
from feed.api.changes import LogView
from feed.models import Audience, Release
from feed.release_files import file_path
from feed.releases import release_create, release_signed
from feed.selectors import audience_of, releases_visible_to
from incidents.api.schema import refusals
from incidents.api.serializers import StrictSerializer
from incidents.api.views import checked_body


class NotMadeYet(DomainError):
    """The files are being made, or made anew after a redaction."""

    slug, status, title = "not-made-yet", 503, gettext_lazy("The release is being made")
    wait = 30.0


class ReleaseRequest(StrictSerializer):
    """What is frozen, under which name; ``as_of`` none: now."""

    name = serializers.SlugField(max_length=60)
    audience = serializers.ChoiceField(Audience.choices)
    as_of = serializers.DateTimeField(required=False)


class ReleaseSummary(serializers.ModelSerializer):
    """One release, in a list."""

    previous: Any = serializers.SlugRelatedField(slug_field="name", read_only=True)

    class Meta:
        model = Release
        fields = ("name", "audience", "seq", "created_at", "previous", "is_made", "changes")


class ReleaseList(LogView):
    """All releases."""

    def get_permissions(self) -> Any:
        """Let everybody read, and those make who may."""
        if self.request.method == "POST":
            return [requires(Action.RELEASE_MAKE)()]
        return super().get_permissions()

    @extend_schema(
        operation_id="releases_list",
        tags=["feed"],
        responses=schema.answers(json=schema.RELEASES),
    )
    def get(self, request: Request) -> Response:
        """List the releases that the caller may read, the newest first."""
        audience = audience_of(request.user)  # type: ignore[arg-type]
        found = releases_visible_to(audience).select_related("previous")
        releases = ReleaseSummary(found.order_by("-created_at"), many=True)
        return Response({"releases": releases.data})

    @extend_schema(
        operation_id="releases_create",
        tags=["feed"],
        request=ReleaseRequest,
        responses={202: ReleaseSummary, **refusals(400, 401, 403, 409, 415)},
    )
    def post(self, request: Request) -> Response:
        """Freeze an audience's log as it is, or was; the files are made shortly after."""
        asked = checked_body(ReleaseRequest, request)
        asked["audience"] = Audience(asked["audience"])
        release = release_create(actor=actor_of_request(request), **asked)
        return Response(ReleaseSummary(release).data, status=202)


def _release(request: Request, name: str) -> Release:
    audience = audience_of(request.user)  # type: ignore[arg-type]
    release = releases_visible_to(audience).filter(name=name).first()
    if release is None:
        raise NotFound(_("There is no such release."))
    if not release.is_made:
        raise NotMadeYet(_("Its files are being made. Ask again in some minutes."))
    return release


class ReleaseDetail(LogView):
    """One release."""

    @extend_schema(
        operation_id="releases_detail",
        tags=["feed"],
        responses=schema.answers(404, 503, json=schema.RELEASE),
    )
    def get(self, request: Request, name: str) -> HttpResponse:
        """Return what the release holds, with checksums, signed: canonical JSON."""
        signed = release_signed(_release(request, name))
        return HttpResponse(canonical_json(signed), content_type="application/json")


class ReleaseFileDetail(LogView):
    """A file of a release."""

    @extend_schema(
        operation_id="releases_file",
        tags=["feed"],
        responses={(200, "application/octet-stream"): bytes, **refusals(400, 401, 404, 503)},
    )
    def get(self, request: Request, name: str, file_name: str) -> Any:
        """Return a file as it was made; its ETag is its SHA-256."""
        release = _release(request, name)
        file = release.files.filter(name=file_name, superseded_at=None).first()
        if file is None:
            raise NotFound(_("The release has no such file."))
        etag = f'"{file.sha256}"'
        if etag in request.headers.get("If-None-Match", ""):
            answer: Any = HttpResponse(status=304)
        else:
            try:
                content = file_path(release.id, file.sha256).open("rb")
            except FileNotFoundError:
                raise NotMadeYet(
                    _("Its files are being made. Ask again in some minutes.")
                ) from None
            answer = FileResponse(
                content, content_type=file.media_type, as_attachment=True, filename=file_name
            )
        answer["ETag"] = etag
        return answer
