"""The change feed: what followers keep an exact copy by."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import FieldError, InvalidInput, NotFound
from feed.api import schema
from feed.awaiting import growth_await
from feed.changes import (
    Changes,
    changes_after,
    changes_streamed,
    cursor_of,
    cursor_parse,
    digest_statement,
)
from feed.models import Audience, Kind
from feed.selectors import audience_of, latest_seq
from feed.views import FeedView

NDJSON = "application/x-ndjson"
LIMITS = {"json": (1_000, 10_000), "ndjson": (100_000, 100_000)}  # unless asked for; at most
LONGEST_WAIT_S = 30
# After how long they should ask again who may not wait because too many do.
ASK_AGAIN_S = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What a follower asks for: entries of these kinds (none: all) behind ``seq``."""

    audience: Audience
    kinds: tuple[Kind, ...]
    seq: int
    limit: int
    wait: int
    form: str


def asked_parse(given: Mapping[str, str], audience: Audience) -> Asked:
    """Read the parameters. Raises ``InvalidInput``."""
    form = given.get("f", "json")
    if form not in LIMITS:
        raise _refuse("f", _("The forms are: %(names)s.") % {"names": ", ".join(LIMITS)})
    kinds = _kinds(given["kind"]) if "kind" in given else ()
    usual, most = LIMITS[form]
    limit = _number("limit", given["limit"]) if "limit" in given else usual
    if limit < 1:
        raise _refuse("limit", _("limit is a whole number from 1."))
    return Asked(
        audience=audience,
        kinds=kinds,
        seq=cursor_parse(given["since"], audience, kinds) if "since" in given else 0,
        limit=min(limit, most),
        wait=min(_number("wait", given.get("wait", "0")), LONGEST_WAIT_S),
        form=form,
    )


def _refuse(field: str, message: str) -> InvalidInput:
    return InvalidInput(errors=[FieldError(field, message, field)])


def _number(field: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise _refuse(field, _("This is a whole number of at most 18 digits."))
    return int(text)


def _kinds(text: str) -> tuple[Kind, ...]:
    try:
        return tuple(sorted({Kind(name) for name in text.split(",")}))
    except ValueError:
        message = _("The kinds are: %(names)s.") % {"names": ", ".join(Kind)}
        raise _refuse("kind", message) from None


class LogView(FeedView):
    """What may be kept, but not used unasked: a follower is never told something old as new."""

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Have caches ask us each time."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if answer.status_code in {200, 304}:
            answer["Cache-Control"] = "no-cache" if request.user is None else "private, no-cache"
        return answer


class ChangeList(LogView):
    """The entries of the log."""

    parameters = frozenset({"since", "wait", "limit", "kind", "f"})

    @extend_schema(
        operation_id="changes_list",
        tags=["feed"],
        parameters=schema.CHANGES_PARAMETERS,
        responses=schema.CHANGES,
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Return the entries behind a cursor in their order, waiting for some if asked to."""
        audience = audience_of(request.user)  # type: ignore[arg-type]
        asked = asked_parse(request.query_params, audience)
        is_patient = asked.wait > 0 and latest_seq(audience) <= asked.seq
        has_waited = not is_patient or growth_await(audience, asked.seq, asked.wait)
        if asked.form == "json":
            answer = _page(request, asked)
        else:
            answer = StreamingHttpResponse(_stream(asked), content_type=NDJSON)
        if not has_waited:
            answer["Retry-After"] = str(ASK_AGAIN_S)
        return answer


def _about(asked: Asked, changes: Changes) -> dict[str, Any]:
    return {
        "cursor": cursor_of(asked.audience, asked.kinds, changes.last_seq),
        "seq": changes.last_seq,
        "digest": changes.digest,
        "at_head": changes.at_head,
    }


def _page(request: Request, asked: Asked) -> HttpResponseBase:
    changes = changes_after(asked.audience, asked.seq, asked.limit, asked.kinds)
    about = json.dumps(_about(asked, changes))[1:]
    body = f'{{"changes": [{",".join(changes.lines)}], {about}'.encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    given = request.headers.get("If-None-Match", "")
    is_known = etag in [tag.strip().removeprefix("W/") for tag in given.split(",")]
    answer = (
        HttpResponseNotModified()
        if is_known
        else HttpResponse(body, content_type="application/json")
    )
    answer["ETag"] = etag
    return answer


def _stream(asked: Asked) -> Iterator[bytes]:
    """Yield a line for each entry, and a last one without which the answer is not whole."""
    last = None
    for last in changes_streamed(asked.audience, asked.seq, asked.limit, asked.kinds):
        if last.lines:
            yield ("\n".join(last.lines) + "\n").encode()
    assert last
    yield json.dumps(_about(asked, last)).encode() + b"\n"


class ChangeDigest(LogView):
    """The digest of the log."""

    parameters = frozenset({"seq"})

    @extend_schema(
        operation_id="changes_digest",
        tags=["feed"],
        parameters=schema.DIGEST_PARAMETERS,
        responses=schema.DIGEST,
    )
    def get(self, request: Request) -> HttpResponse:
        """Return the digest of the caller's log up to an entry (or to its end), signed."""
        audience = audience_of(request.user)  # type: ignore[arg-type]
        text = request.query_params.get("seq")
        seq = latest_seq(audience) if text is None else _number("seq", text)
        statement = digest_statement(audience, seq)
        if statement is None:
            raise NotFound(_("The log has no such entry yet."))
        return HttpResponse(json.dumps(statement), content_type="application/json")
