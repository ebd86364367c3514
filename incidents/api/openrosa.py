"""What ODK Collect and KoboCollect speak: https://docs.getodk.org/openrosa/."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.core.files import File
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.actors import Actor
from accounts.devices import actor_of_device, device_by_basic, device_by_secret, device_touch
from accounts.permissions import Action, may
from core.errors import DomainError, FieldError, InvalidInput, NotAllowed, TooLarge
from incidents import forms
from incidents.api import openrosa_answers as answers
from incidents.intake.openrosa import FIELD, submission_parse
from incidents.services.phones import post_receive

_View = Callable[[HttpRequest, Actor], HttpResponse]


class LengthRequired(DomainError):
    """The post does not say how long it is."""

    slug, status, title = "length-required", 411, gettext_lazy("The post must state its length")


class NotMultipart(DomainError):
    """The post is of another media type."""

    slug, status, title = (
        "unsupported-media-type",
        415,
        gettext_lazy("Forms are posted as multipart/form-data"),
    )


def for_phones(*methods: str) -> Callable[[_View], Callable[..., HttpResponse]]:
    """Let a view be called by known phones, by Basic login or with a key in the path.

    Phones send no cookies, so there is no session to protect against forged posts.
    """

    def decorate(view: _View) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @require_http_methods(methods)
        @wraps(view)
        def checked(request: HttpRequest, key: str | None = None) -> HttpResponse:
            actor = _actor(request, key)
            if actor is None:
                return answers.not_authenticated()
            try:
                if not may(actor, Action.REPORT_SUBMIT):
                    raise NotAllowed()
                return view(request, actor)
            except DomainError as exc:
                return answers.refusal(exc)

        return checked

    return decorate


def _actor(request: HttpRequest, key: str | None) -> Actor | None:
    if key is None:
        device = device_by_basic(request.headers.get("Authorization", ""))
    else:
        device = device_by_secret(key)
    if device is None:
        return None
    device_touch(device=device)
    return actor_of_device(device)


@for_phones("GET", "HEAD")
def form_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the forms that a phone may fill in."""
    wanted = request.GET.get("formID", forms.FORM_ID) == forms.FORM_ID
    urls = [_sibling(request, name) for name in ("openrosa-form", "openrosa-manifest")]
    return answers.answer(answers.form_list(*urls, wanted=wanted))


def _sibling(request: HttpRequest, name: str) -> str:
    """Return the address of another view, reached by the same door as this one."""
    assert request.resolver_match is not None
    door = dict(request.resolver_match.kwargs)
    return request.build_absolute_uri(reverse(name, kwargs=door))


@for_phones("GET", "HEAD")
def form(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Serve the strike form as an XForm."""
    return answers.answer(forms.strike_form().xml)


@for_phones("GET", "HEAD")
def manifest(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the files that the form needs."""
    return answers.answer(answers.manifest())


@for_phones("HEAD", "POST")
def submission(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Say how much is taken at once (HEAD); take a filled-in form or some of its files (POST)."""
    if request.method == "HEAD":
        response = answers.answer(status=204)
        response["Location"] = request.build_absolute_uri(request.path)
        return response
    xml, files = _parts(request)
    parsed = submission_parse(xml)
    taken = post_receive(actor=actor, submission=parsed.submission, files=files)
    status = 201 if taken.is_new else 202
    response = answers.answer(answers.received(parsed, taken), status)
    response["Location"] = request.build_absolute_uri(request.path)
    return response


def _parts(request: HttpRequest) -> tuple[bytes, dict[str, File]]:
    """Return the form and the files of a post. ``*isIncomplete*`` needs no notice: every post is
    answered for itself, and the form says which files belong to it."""
    _check_head(request)
    try:
        uploads = request.FILES
    except (MultiPartParserError, RequestDataTooBig, SuspiciousOperation, BadRequest) as exc:
        message = _("The parts of the post cannot be read: %s") % exc
        raise InvalidInput(errors=[FieldError("body", message, "not_multipart")]) from None
    xml: bytes | None = None
    files: dict[str, File] = {}
    for field, parts in uploads.lists():
        for part in parts:
            name = part.name or field
            if field == FIELD and xml is None:
                xml = part.read()
            elif name in files or field == FIELD:
                raise _bad_part(name, _("This part came twice."), "twice")
            else:
                files[name] = part
    if xml is None:
        raise _bad_part(FIELD, _("The part with the filled-in form is missing."), "required")
    return xml, files


def _bad_part(field: str, message: str, code: str) -> InvalidInput:
    return InvalidInput(errors=[FieldError(field, message, code)])


def _check_head(request: HttpRequest) -> None:
    if request.content_type != "multipart/form-data":
        raise NotMultipart()
    length = request.headers.get("Content-Length", "")
    if not length.isdigit():
        raise LengthRequired()
    if int(length) > settings.OPENROSA_MAX_BYTES:
        most = settings.OPENROSA_MAX_BYTES // (1024 * 1024)
        message = _("At most %d MB are taken in one post.") % most
        raise TooLarge(errors=[FieldError("body", message, "too_large")])
