"""Where files lie: originals, one for one content and never replaced, and the copies of them."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files.storage import FileSystemStorage

ORIGINALS = "evidence"
COPIES = "working_copies"


class WholeFilesStorage(FileSystemStorage):
    """Files on local disk, each written whole or not at all; one of the same name is replaced."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Keep the name."""
        return name

    def _save(self, name: str, content: Any) -> str:
        final = Path(self.path(name))
        final.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=final.parent, prefix="part-", delete=False) as part:
            try:
                for chunk in content.chunks():
                    part.write(chunk)
                part.flush()
                os.fsync(part.fileno())
                os.chmod(part.name, 0o440)
                # A power cut leaves either the whole file under its name or none.
                os.replace(part.name, final)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
        self._sync_folder(final.parent)
        return name

    @staticmethod
    def _sync_folder(folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class OriginalsStorage(WholeFilesStorage):
    """A name stands for a content, so the same name is the same file."""

    def _save(self, name: str, content: Any) -> str:
        return name if self.exists(name) else super()._save(name, content)

    def delete(self, name: str) -> None:
        """Refuse: originals stay."""
        raise PermissionError("originals are never deleted")
