"""The files of a release: what stood at its entry in every format, a codebook and a change list."""

import csv
import hashlib
import io
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from feed.collections import COLLECTIONS
from feed.exposure_schema import EXPOSURE_PROPERTIES
from feed.feature_schema import FEATURE_PROPERTIES
from feed.formats import FORMATS, Format, columns_of
from feed.models import Audience, Kind, Release
from feed.risk_schema import RISK_PROPERTIES
from feed.selectors import rows_standing

_ROWS_AT_ONCE = 5_000
_COMPARED = """
    SELECT coalesce(now.kind, before.kind), coalesce(now.object_id, before.object_id),
           now.object_version, before.seq, now.seq
    FROM (SELECT * FROM feed_logentry WHERE audience = %(audience)s AND seq <= %(seq)s
          AND (closed_by_seq IS NULL OR closed_by_seq > %(seq)s) AND feature <> '') AS now
    FULL JOIN (SELECT * FROM feed_logentry WHERE audience = %(audience)s AND seq <= %(before)s
          AND (closed_by_seq IS NULL OR closed_by_seq > %(before)s) AND feature <> '') AS before
    ON now.kind = before.kind AND now.object_id = before.object_id
    WHERE now.seq IS DISTINCT FROM before.seq
    ORDER BY 1, 2"""


@dataclass(frozen=True, slots=True)
class Made:
    """A file that lies on the disk under its checksum. ``size`` in bytes."""

    name: str
    media_type: str
    size: int
    sha256: str


def files_make(release: Release) -> tuple[list[Made], dict[str, int]]:
    """Write all files of a release; return them, and how many objects changed in which way.

    The same log makes the same bytes.
    """
    made = [
        _file_make(
            release,
            f"{collection.id}.{format_.extension}",
            format_.media_type,
            partial(_standing, release, collection.kind, format_),
        )
        for collection in COLLECTIONS.values()
        for format_ in FORMATS.values()
    ]
    counts: Counter[str] = Counter(created=0, updated=0, withdrawn=0)
    made.append(
        _file_make(
            release, "changelog.csv", "text/csv", lambda out: _changelog(release, out, counts)
        )
    )
    made.append(
        _file_make(release, "codebook.json", "application/json", partial(_codebook, release))
    )
    return made, dict(counts)


def file_path(release_id: UUID, sha256: str) -> Path:
    """Return where a file with this checksum lies."""
    return _folder(release_id) / sha256


def files_keep_only(release_id: UUID, checksums: set[str]) -> None:
    """Delete all files of a release but those with these checksums."""
    for path in _folder(release_id).iterdir():
        if path.name not in checksums:
            path.unlink(missing_ok=True)


def _folder(release_id: UUID) -> Path:
    return Path(settings.RELEASES_DIR) / str(release_id)


def _file_make(
    release: Release, name: str, media_type: str, write: Callable[[BinaryIO], None]
) -> Made:
    folder = _folder(release.id)
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, prefix="part-", delete=False) as part:
        try:
            write(part)  # type: ignore[arg-type] # a file all the same
            part.flush()
            os.fsync(part.fileno())
            size = part.tell()
            part.seek(0)
            sha256 = hashlib.file_digest(part, "sha256").hexdigest()
            os.chmod(part.name, 0o640)
            os.replace(part.name, folder / sha256)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    return Made(name, media_type, size, sha256)


def _standing(release: Release, kind: Kind, format_: Format, out: BinaryIO) -> None:
    audience = Audience(release.audience)
    rows = rows_standing(audience, kind, release.seq)
    out.writelines(format_.chunks(rows, columns_of(kind, audience)))


def _codebook(release: Release, out: BinaryIO) -> None:
    audience = Audience(release.audience)
    columns = {one.id: _columns(one.kind, audience) for one in COLLECTIONS.values()}
    document = {
        "properties": FEATURE_PROPERTIES,
        "exposure_properties": EXPOSURE_PROPERTIES,
        "risk_cell_properties": RISK_PROPERTIES,
        "columns": columns,
    }
    out.write(json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n")


def _columns(kind: Kind, audience: Audience) -> list[dict[str, str]]:
    return [
        {
            "name": one.name,
            "type": one.type.name.lower(),
            "hxl": one.tag,
            "description": one.description,
        }
        for one in columns_of(kind, audience)
    ]


def _changelog(release: Release, out: BinaryIO, counts: Counter[str]) -> None:
    """Write each object that differs from the release before: created, updated or withdrawn."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    rows = csv.writer(text)
    rows.writerow(["change", "kind", "id", "version"])
    for kind, object_id, version, before, now in _compared(release):
        change = "withdrawn" if now is None else "created" if before is None else "updated"
        counts[change] += 1
        rows.writerow([change, kind, object_id, version])
    text.detach()


def _compared(release: Release) -> Iterator[tuple[Any, ...]]:
    given: dict[str, Any] = {
        "audience": release.audience,
        "seq": release.seq,
        "before": release.previous.seq if release.previous else 0,
    }
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_COMPARED, given)
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            yield from rows
