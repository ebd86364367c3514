"""The programs that others run against us, to be fetched from the server itself."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

PROGRAMS = frozenset({"harmwatch_mirror.py", "harmwatch_verify.py"})


@require_safe
def program(request: HttpRequest, name: str) -> FileResponse:
    """Serve one program as it lies in ``clients/``."""
    if name not in PROGRAMS:
        raise Http404
    content = (Path(settings.PROGRAMS_DIR) / name).open("rb")
    answer = FileResponse(content, content_type="text/x-python", as_attachment=True, filename=name)
    answer["Cache-Control"] = "public, max-age=300"
    return answer
