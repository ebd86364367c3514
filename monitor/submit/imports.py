"""Files of reports: sent, followed while they are taken in, their refused rows fetched."""

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.permissions import Action
from core.errors import DomainError, InvalidInput, NotFound
from incidents.api.imports import check_size, rejected_answer, template_answer
from incidents.intake.presets import PRESETS
from incidents.intake.runs import file_understand
from incidents.models import ImportRun
from incidents.models.imports import UNDER_WAY
from incidents.selectors.imports import errors_of, import_visible_to, rejected_of
from incidents.services.imports import Asked, Created, import_create
from incidents.vocab import ImportMode, ImportState
from monitor.access import Page

NEWEST, FIRST_REASONS = 30, 100
# What the form itself asks for: which header stands for a column.
_ASKED_BELOW = ("missing", "unknown_header")
_MAPPED = "map-"  # before a column's name in the form


class FileForm(forms.Form):
    """A file and what is to be done with it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, Excel (xlsx), GeoJSON or JSON lines, at most 1 GB."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    preset = forms.ChoiceField(
        label=_("What kind of table it is"),
        choices=[(preset.name, preset.label) for preset in PRESETS.values()],
    )
    mode = forms.ChoiceField(label=_("If some rows are bad"), choices=ImportMode.choices)
    dry_run = forms.BooleanField(
        label=_("Only try it: say what would happen and store nothing."), required=False
    )


# Where a form comes from is asked by the method: to ask before the view would read the whole file,
# whoever sends it.
@method_decorator(csrf_exempt, name="dispatch")
class Imports(Page):
    """Send a file; see the newest of one's organisation's."""

    action = Action.REPORT_IMPORT

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form and the list."""
        return self._show(FileForm(initial={"preset": "harmwatch", "dry_run": True}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take a file, or say what is wrong with it; too large a one is not read."""
        check_size(request)
        return self._taken(request)

    @method_decorator(csrf_protect)
    def _taken(self, request: HttpRequest) -> HttpResponse:
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._show(form, status=400)
        try:
            created = self._create(form.cleaned_data, _mapping(request))
        except InvalidInput as refused:
            return self._show(form, refused, status=400)
        return redirect("monitor:import", import_id=created.run.id)

    def _create(self, given: dict[str, Any], mapping: dict[str, str] | None) -> Created:
        asked = Asked(
            preset=given["preset"],
            mode=ImportMode(given["mode"]),
            dry_run=given["dry_run"],
            mapping=mapping,
        )
        return import_create(
            actor=self.actor,
            content=given["file"],
            name=given["file"].name or "",
            asked=asked,
            understand=partial(file_understand, actor=self.actor, asked=asked),
        )

    def _show(
        self, form: FileForm, refused: DomainError | None = None, status: int = 200
    ) -> HttpResponse:
        context: dict[str, Any] = {
            "form": form,
            "runs": import_visible_to(self.actor).order_by("-created_at", "-pk")[:NEWEST],
        }
        if refused is not None:
            errors = refused.errors
            context |= {
                "errors": [error for error in errors if error.code not in _ASKED_BELOW],
                "headers": refused.extra.get("unknown_headers", []),
                "suggested": refused.extra.get("suggested_mapping", {}),
                "missing": [error.field for error in errors if error.code == "missing"],
                "is_refused": True,
            }
        return self.page("monitor/submit/imports.html", context, status)


def _mapping(request: HttpRequest) -> dict[str, str] | None:
    """Return which header each column is, where the sender was asked; None where not."""
    said = {
        name.removeprefix(_MAPPED): str(header)
        for name, header in request.POST.items()
        if name.startswith(_MAPPED) and header
    }
    return said or None


class OneImport(Page):
    """A page of one import of one's organisation."""

    action = Action.REPORT_IMPORT

    def run(self, import_id: UUID) -> ImportRun:
        """Return the import; ``NotFound`` for another organisation's."""
        run = import_visible_to(self.actor).filter(id=import_id).first()
        if run is None:
            raise NotFound()
        return run


def can_be_mended(run: ImportRun) -> bool:
    """Tell whether refused rows can be sent again by themselves: the good ones are stored."""
    is_taken = run.state == ImportState.DONE and not run.dry_run
    in_part = run.mode == ImportMode.GOOD_ROWS and run.refused > 0
    return is_taken and in_part and bool(run.storage_name)


class Import(OneImport):
    """How far one has come, and what is wrong with its rows."""

    def get(self, request: HttpRequest, import_id: UUID) -> HttpResponse:
        """Show it; its state alone to who asks again and again."""
        run = self.run(import_id)
        rejected = rejected_of(run)[:FIRST_REASONS] if run.refused else []
        context = {
            "run": run,
            "preset": PRESETS[run.preset].label if run.preset in PRESETS else run.preset,
            "is_under_way": run.state in UNDER_WAY,
            "can_be_mended": can_be_mended(run),
            "reasons": [error for row in rejected for error in errors_of(row)],
            "first_reasons": FIRST_REASONS,
            "ignored": [one for one in run.headers if one not in run.mapping.values()],
        }
        part = "HX-Request" in request.headers
        template = "monitor/submit/_import_state.html" if part else "monitor/submit/import.html"
        return self.page(template, context)


class ImportRejected(OneImport):
    """The refused rows of one, with the reasons."""

    def get(self, request: HttpRequest, import_id: UUID) -> FileResponse:
        """Return them in the format they came in, to be mended and sent again."""
        return rejected_answer(self.run(import_id), self.actor)


class ImportTemplate(Page):
    """Our own template, with an example."""

    action = Action.REPORT_IMPORT
    file_format = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return it."""
        return template_answer(self.file_format)
