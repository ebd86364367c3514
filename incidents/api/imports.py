"""Files of reports: sent, followed, and their refused rows fetched."""

import tempfile
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from accounts.authentication import actor_of_request
from accounts.permissions import Action, requires
from core.errors import DomainError, FieldError, InvalidInput, NotFound
from incidents.api import import_shapes as shapes
from incidents.api.pagination import page_answer, page_schema
from incidents.api.schema import CURSOR, LIMIT, refusals
from incidents.intake import template
from incidents.intake.runs import file_understand, rejected_write
from incidents.models import ImportRun
from incidents.selectors.imports import import_visible_to
from incidents.services.imports import Asked, import_create
from incidents.vocab import ImportMode, TableFormat

_TYPES = {
    TableFormat.CSV: "text/csv; charset=utf-8",
    TableFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    TableFormat.GEOJSON: "application/geo+json",
    TableFormat.JSON_LINES: "application/jsonl",
}


def _files(*formats: TableFormat) -> dict[Any, Any]:
    """Return the answers, for the API's description, that are a file in one of these formats."""
    types = (_TYPES[one].partition(";")[0] for one in formats)
    return {(200, media_type): OpenApiTypes.BINARY for media_type in types}


class TooLarge(DomainError):
    """The file is larger than the server takes."""

    slug, status, title = "too-large", 413, gettext_lazy("The file is too large")


class NoLongerKept(DomainError):
    """The file of an import was deleted, and with it the rows that were refused."""

    slug, status, title = "no-longer-kept", 410, gettext_lazy("The file is no longer kept")


class ImportList(APIView):
    """Send a file; list one's organisation's imports."""

    permission_classes = [requires(Action.REPORT_IMPORT)]
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="imports_list",
        parameters=[LIMIT, CURSOR],
        responses={
            200: page_schema(shapes.ImportAnswer, "ImportPage"),
            **refusals(400, 401, 403),
        },
    )
    def get(self, request: Request) -> Response:
        """List imports, the newest first."""
        rows = import_visible_to(actor_of_request(request))
        shape = partial(shapes.ImportAnswer, many=True, context={"request": request})
        return page_answer(request, rows, "created_at", lambda page: shape(page).data)

    @extend_schema(
        operation_id="imports_create",
        request={"multipart/form-data": shapes.ImportRequest},
        responses={202: shapes.ImportAnswer, **refusals(400, 401, 403, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        """Take a file to be imported by a worker; the same file again is the same import."""
        check_size(request)
        checked = shapes.ImportRequest(data=request.data)
        checked.is_valid(raise_exception=True)
        asked = _asked(checked.validated_data)
        file, actor = checked.validated_data["file"], actor_of_request(request)
        created = import_create(
            actor=actor,
            content=file,
            name=file.name or "",
            asked=asked,
            understand=partial(file_understand, actor=actor, asked=asked),
        )
        answer = shapes.ImportAnswer(created.run, context={"request": request}).data
        headers = {"Location": answer["url"]}
        if not created.is_new:
            headers["Idempotency-Replayed"] = "true"
        return Response(answer, status=202, headers=headers)


def check_size(request: Request | HttpRequest) -> None:
    """Raise ``TooLarge`` by what the sender says of the body, before a byte of it is read."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.IMPORT_MAX_BYTES:
        most = settings.IMPORT_MAX_BYTES // (1024 * 1024)
        message = _("A file may have at most %d MB.") % most
        raise TooLarge(errors=[FieldError("file", message, "too_large")])


def _asked(given: dict[str, Any]) -> Asked:
    file_format = given.get("format")
    return Asked(
        preset=given["preset"],
        mode=ImportMode(given["mode"]),
        dry_run=given["dry_run"],
        format=TableFormat(file_format) if file_format else None,
        mapping=given.get("mapping"),
    )


def _run_of(request: Request, import_id: UUID) -> ImportRun:
    run = import_visible_to(actor_of_request(request)).filter(id=import_id).first()
    if run is None:
        raise NotFound()
    return run


class ImportDetail(APIView):
    """One import."""

    permission_classes = [requires(Action.REPORT_IMPORT)]

    @extend_schema(
        operation_id="imports_retrieve",
        responses={200: shapes.ImportWithReasons, **refusals(401, 403, 404)},
    )
    def get(self, request: Request, import_id: UUID) -> Response:
        """Return how far an import has come, and why the first of the refused rows were refused."""
        run = _run_of(request, import_id)
        return Response(shapes.ImportWithReasons(run, context={"request": request}).data)


class ImportRejected(APIView):
    """The rows that were refused."""

    permission_classes = [requires(Action.REPORT_IMPORT)]

    @extend_schema(
        operation_id="imports_rejected",
        responses={
            **_files(*_TYPES),
            **refusals(401, 403, 404, 410),
        },
    )
    def get(self, request: Request, import_id: UUID) -> FileResponse:
        """Return the refused rows with the reasons, in the format they came in, to be mended."""
        return rejected_answer(_run_of(request, import_id), actor_of_request(request))


def rejected_answer(run: ImportRun, actor: Actor) -> FileResponse:
    """Return a run's refused rows as a file; ``NotFound`` and ``NoLongerKept`` where there is none.

    Raises ``NotAllowed`` too.
    """
    if not run.refused:
        raise NotFound(_("No row was refused."))
    if not run.storage_name:
        raise NoLongerKept()
    # Written whole first, so that a fault makes no half answer; gone as soon as it is closed.
    with tempfile.NamedTemporaryFile() as file:
        rejected_write(run, Path(file.name), actor=actor)
        content = Path(file.name).open("rb")  # noqa: SIM115 - the answer closes it
    return FileResponse(
        content,
        as_attachment=True,
        filename=f"rejected-{run.file_name}",
        content_type=_TYPES[TableFormat(run.format)],
    )


class ImportTemplate(APIView):
    """Our own template."""

    permission_classes = [requires(Action.REPORT_IMPORT)]

    @extend_schema(
        operation_id="imports_template",
        parameters=[OpenApiParameter("format", str, enum=["csv", "xlsx"])],
        responses={
            **_files(TableFormat.CSV, TableFormat.XLSX),
            **refusals(400, 401, 403),
        },
    )
    def get(self, request: Request) -> HttpResponse:
        """Return the template with a filled-in example."""
        return template_answer(request.query_params.get("format", TableFormat.XLSX))


def template_answer(wanted: str) -> HttpResponse:
    """Return the template as a file; ``InvalidInput`` for a format that there is none in."""
    made = {TableFormat.CSV: template.template_csv, TableFormat.XLSX: template.template_xlsx}
    if wanted not in made:
        message = _("There is a template as csv and as xlsx.")
        raise InvalidInput(errors=[FieldError("format", message, "choice")])
    file_format = TableFormat(wanted)
    response = HttpResponse(made[file_format](), content_type=_TYPES[file_format])
    name = f'attachment; filename="harmwatch-template.{wanted}"'
    response.headers["Content-Disposition"] = name
    return response


class ImportCodebook(APIView):
    """What the template's columns mean."""

    permission_classes = [requires(Action.REPORT_IMPORT)]

    @extend_schema(
        operation_id="imports_codebook",
        responses={200: shapes.CodebookColumn(many=True), **refusals(401, 403)},
    )
    def get(self, request: Request) -> Response:
        """Return each column of the template: what it means, and what it may hold."""
        return Response(template.codebook())
