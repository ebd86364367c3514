"""What a file is, by its own bytes; what its sender calls it is not asked."""

import puremagic
from pillow_heif import get_file_mimetype

# Pictures, films, recordings and documents. Nothing that a browser could run, SVG included.
_IMAGES = ("jpeg", "png", "webp", "gif", "heif", "heic", "tiff", "bmp", "x-ms-bmp")
_FILMS = ("mp4", "3gpp", "3gpp2", "quicktime", "webm", "x-matroska", "mpeg", "x-msvideo")
_SOUNDS = ("mpeg", "mp4", "x-m4a", "ogg", "wav", "x-wav", "amr")
CONTENT_TYPES = frozenset(
    f"{kind}/{name}"
    for kind, names in (("image", _IMAGES), ("video", _FILMS), ("audio", _SOUNDS))
    for name in names
) | {"application/pdf"}
# Bytes from the beginning that are looked at.
HEAD = 64 * 1024


def content_type_of(head: bytes) -> str | None:
    """Return the content type of a file that begins like this; None for kinds not taken."""
    # Pictures from phones lie in the same kind of box as films, which puremagic takes them for.
    found = get_file_mimetype(head) or _by_magic(head)
    return found if found in CONTENT_TYPES else None


def _by_magic(head: bytes) -> str:
    try:
        return str(puremagic.from_string(head, mime=True))
    except (puremagic.PureError, ValueError):
        return ""
