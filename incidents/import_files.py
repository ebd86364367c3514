"""Where the files of imports lie: as they were sent, under names that say nothing.

A file is kept while it is needed: until its import ended or, where rows were refused, until the
sender has had time to fetch them.
"""

import hashlib
import re
import unicodedata
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import storages

STORAGE = "imports"
_LONGEST_NAME = 100
_HARMLESS = re.compile(r"[^\w.() -]")


class StoredFile(NamedTuple):
    """A file that was stored: its name in the storage and the SHA-256 of its content, hex."""

    storage_name: str
    sha256: str


def file_store(content: File) -> StoredFile:
    """Store a file piece by piece."""
    digest = hashlib.sha256()
    for piece in content.chunks():
        digest.update(piece)
    content.seek(0)
    return StoredFile(storages[STORAGE].save(uuid4().hex, content), digest.hexdigest())


def file_path(storage_name: str) -> Path:
    """Return where a stored file can be read."""
    return Path(storages[STORAGE].path(storage_name))


def file_delete(storage_name: str) -> None:
    """Delete a stored file; one that is gone already is no error."""
    if storage_name:
        storages[STORAGE].delete(storage_name)


def harmless_name(name: str) -> str:
    """Return a file's name as it can be shown and offered again: no path, no control characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = _HARMLESS.sub("_", last).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        return plain[:_LONGEST_NAME] or "file"
    return f"{stem[:_LONGEST_NAME]}.{ending[:10]}"
