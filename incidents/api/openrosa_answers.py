"""Answers in OpenRosa's XML, with the headers that phones look for."""

import json
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

from core.errors import DomainError
from incidents import forms
from incidents.intake.openrosa import PhoneSubmission
from incidents.services.phones import PhoneReceived

_RESPONSE = "http://openrosa.org/http/response"
_LIST = "http://openrosa.org/xforms/xformsList"
_MANIFEST = "http://openrosa.org/xforms/xformsManifest"
_OURS = "urn:harmwatch:openrosa"


def answer(content: bytes = b"", status: int = 200) -> HttpResponse:
    """Return a response with OpenRosa's headers. Nothing of it may be kept on the way."""
    response = HttpResponse(content, status=status, content_type="text/xml; charset=utf-8")
    response["X-OpenRosa-Version"] = "1.0"
    response["X-OpenRosa-Accept-Content-Length"] = str(settings.OPENROSA_MAX_BYTES)
    response["Cache-Control"] = "no-store"
    return response


def refusal(error: DomainError) -> HttpResponse:
    """Return one of our refusals as a message that names each field."""
    lines = [f"{error.title}."]
    if error.detail and not error.errors:
        lines.append(str(error.detail))
    lines += [f"{problem.field}: {problem.message}" for problem in error.errors]
    return answer(_message("\n".join(lines), "submit_error"), error.status)


def not_authenticated() -> HttpResponse:
    """Ask for the phone's credential."""
    text = _("This phone is not known, or its credential was revoked.")
    response = answer(_message(text, "submit_error"), 401)
    response["WWW-Authenticate"] = 'Basic realm="harmwatch", charset="UTF-8"'
    return response


def form_list(download_url: str, manifest_url: str, *, wanted: bool) -> bytes:
    """Return the list of forms: ours, or none where another was asked for."""
    root = Element("xforms", xmlns=_LIST)
    if wanted:
        form = SubElement(root, "xform")
        for name, text in (
            ("formID", forms.FORM_ID),
            ("name", forms.TITLE),
            ("version", forms.VERSIONS[-1]),
            ("hash", f"md5:{forms.strike_form().md5}"),
            ("downloadUrl", download_url),
            ("manifestUrl", manifest_url),
        ):
            SubElement(form, name).text = text
    return _document(root)


def manifest() -> bytes:
    """Return the list of files that the form needs: none."""
    return _document(Element("manifest", xmlns=_MANIFEST))


def received(parsed: PhoneSubmission, taken: PhoneReceived) -> bytes:
    """Return the receipts: of the form, and of each file of this post."""
    text = _("Received.")
    if taken.awaited:
        text = _("Received. Still awaited: %s.") % ", ".join(taken.awaited)
    root = _response(text, "submit_success")
    _add_metadata(root, parsed, taken)
    ours = SubElement(root, "receipts", xmlns=_OURS)
    report = taken.report
    _add_json(
        ours,
        "report",
        id=str(report.report_id),
        incident=str(report.incident_id),
        receipt=report.receipt,
        salts=report.salts,
    )
    for item in taken.evidence:
        _add_json(ours, "evidence", id=str(item.evidence.id), receipt=item.evidence.receipt)
    for name in taken.awaited:
        SubElement(ours, "awaited").text = name
    return _document(root)


def _add_metadata(root: Element, parsed: PhoneSubmission, taken: PhoneReceived) -> None:
    SubElement(
        root,
        "submissionMetadata",
        xmlns="http://www.opendatakit.org/xforms",
        id=forms.FORM_ID,
        version=parsed.version,
        instanceID=parsed.instance_id,
        submissionDate=taken.report.receipt["received_at"],
        isComplete="false" if taken.awaited else "true",
    )


def _add_json(parent: Element, name: str, **content: Any) -> None:
    SubElement(parent, name).text = json.dumps(content, ensure_ascii=False, sort_keys=True)


def _response(text: str, nature: str) -> Element:
    root = Element("OpenRosaResponse", xmlns=_RESPONSE)
    SubElement(root, "message", nature=nature).text = text
    return root


def _message(text: str, nature: str) -> bytes:
    return _document(_response(text, nature))


def _document(root: Element) -> bytes:
    return tostring(root, encoding="utf-8", xml_declaration=True)
