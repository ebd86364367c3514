"""Submissions of phones: the XML that ODK Collect and KoboCollect send."""

from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree
from django.utils.translation import gettext as _

from core.canonical import sha256_hex
from core.errors import FieldError, InvalidInput
from incidents import forms
from incidents.intake.json_reports import UnreadableBody
from incidents.intake.strike_form import (
    Answers,
    attachment_names,
    checked_names,
    draft_of_answers,
    identifier,
)
from incidents.types import Submission

FIELD = "xml_submission_file"
LARGEST_XML = 1024 * 1024
_DEEPEST = 3


class PhoneSubmission(NamedTuple):
    """A submission with what the answer to the phone repeats of it."""

    submission: Submission
    instance_id: str
    version: str


def submission_parse(xml: bytes) -> PhoneSubmission:
    """Read one filled-in form. Its instance id is the key.

    Raises ``UnreadableBody`` for what is no XML, or XML with entities or a DTD, and
    ``InvalidInput`` naming the question otherwise.
    """
    root = _root(xml)
    version = _version(root)
    answers = _answers(root)
    instance_id = identifier(answers, "instanceID")
    if not instance_id:
        raise _refusal("meta/instanceID", _("The form has no instance id."), "required")
    corrected = identifier(answers, "deprecatedID")
    submission = Submission(
        draft=draft_of_answers(answers),
        idempotency_key=_key(instance_id),
        body_sha256=sha256_hex(xml),
        corrects=_key(corrected) if corrected else "",
        attachments=checked_names(attachment_names(answers)),
    )
    return PhoneSubmission(submission, instance_id, version)


def _refusal(field: str, message: str, code: str = "invalid") -> InvalidInput:
    return InvalidInput(errors=[FieldError(field, message, code)])


def _key(instance_id: str) -> str:
    return f"openrosa:{instance_id}"


def _root(xml: bytes) -> Element:
    if len(xml) > LARGEST_XML:
        message = _("The form is larger than 1 MB.")
        raise UnreadableBody(errors=[FieldError(FIELD, message, "too_large")])
    try:
        return ElementTree.fromstring(xml, forbid_dtd=True)
    except DefusedXmlException:
        message = _("XML with a document type or entities is not taken.")
        raise UnreadableBody(errors=[FieldError(FIELD, message, "forbidden_xml")]) from None
    except (ParseError, ValueError, LookupError) as exc:
        message = _("The form is not XML: %s") % exc
        raise UnreadableBody(errors=[FieldError(FIELD, message, "not_xml")]) from None


def _version(root: Element) -> str:
    if root.get("id") != forms.FORM_ID:
        message = _("The form “%(id)s” is not known; this server has “%(ours)s”.")
        said = message % {"id": root.get("id", ""), "ours": forms.FORM_ID}
        raise _refusal("id", said, "unknown_form")
    version = root.get("version", "")
    if version not in forms.VERSIONS:
        message = _("Version “%s” of the form is not known. Get the form anew.") % version
        raise _refusal("version", message, "unknown_version")
    return version


def _answers(group: Element, prefix: str = "") -> Answers:
    if prefix.count("/") > _DEEPEST:
        raise _refusal(prefix.strip("/"), _("The form does not ask this."), "unknown_field")
    answers: Answers = {}
    for child in group:
        path = prefix + forms.local_name(child)
        if path in forms.REPEATS:
            answers.setdefault(path, []).append(_answers(child, f"{path}/"))
            continue
        found = _answers(child, f"{path}/") if len(child) else {path: (child.text or "").strip()}
        if twice := next((name for name in found if name in answers), None):
            raise _refusal(twice, _("This question is answered twice."), "twice")
        answers |= found
    return answers
