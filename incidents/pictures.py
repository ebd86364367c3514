"""What a picture shows, as a new file that holds nothing else; and a fingerprint of it.

Plain Python on bytes. A picture from outside may be made to break its reader: only the decoders
named here are tried, and nothing is decoded before its size in pixels is known.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageCms, ImageOps
from pillow_heif import register_heif_opener

from incidents.vocab import NoCopy

# Pixels of the largest picture taken: some phones make 108 million; decoded, 3 bytes each.
MAX_PIXELS = 110_000_000
# Grey levels (of 255) between the darkest and the brightest of a picture that can be told apart.
MIN_CONTRAST = 8

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "HEIF")
# What these hold has lost something already; the others are kept to the last bit. (MPO is what a
# JPEG turns out to be that holds several pictures.)
_LOSSY = frozenset({"JPEG", "MPO", "WEBP", "HEIF"})
_JPEG_QUALITY = 92
_DEEP_MODES = frozenset({"I", "F", "I;16", "I;16L", "I;16B", "I;16N"})

register_heif_opener(thumbnails=False)
# Pillow's own guard against decompression bombs: it warns above this and refuses above the double.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


@dataclass(frozen=True, slots=True)
class PictureCopy:
    """A copy ready to be stored. ``fingerprint`` is None where a picture is too plain for one."""

    content: bytes
    content_type: str
    width: int
    height: int
    is_first_of_several: bool
    fingerprint: int | None


class NotCopied(Exception):
    """There is no copy of this picture; ``reason`` says why."""

    def __init__(self, reason: NoCopy) -> None:
        super().__init__(reason)
        self.reason = reason


def picture_copy(original: BinaryIO) -> PictureCopy:
    """Return the picture as it is meant to be seen: upright, in sRGB, its first frame.

    Nothing but pixels is taken over: no EXIF, GPS, XMP, IPTC, comment, thumbnail or colour profile.
    Raises ``NotCopied``.
    """
    try:
        with warnings.catch_warnings():
            # Pillow tells of what is odd in metadata, which are left behind anyway.
            warnings.simplefilter("ignore")
            return _copied(original)
    except NotCopied:
        raise
    except Image.DecompressionBombError:
        raise NotCopied(NoCopy.TOO_LARGE) from None
    except Exception:  # decoders of hostile bytes raise anything
        raise NotCopied(NoCopy.UNREADABLE) from None


def _copied(original: BinaryIO) -> PictureCopy:
    with Image.open(original, formats=_FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise NotCopied(NoCopy.TOO_LARGE)
        kind, several = image.format, bool(getattr(image, "is_animated", False))
        image.load()
        if image.mode in _DEEP_MODES:
            raise NotCopied(NoCopy.PIXELS)
        shown = _bare(_in_srgb(_upright(image)))
    as_jpeg = kind in _LOSSY and shown.mode != "RGBA"
    file = BytesIO()
    if as_jpeg:
        shown.save(file, "JPEG", quality=_JPEG_QUALITY, subsampling="4:4:4")
    else:
        shown.save(file, "PNG")
    return PictureCopy(
        content=file.getvalue(),
        content_type="image/jpeg" if as_jpeg else "image/png",
        width=shown.width,
        height=shown.height,
        is_first_of_several=several,
        fingerprint=fingerprint_of(shown),
    )


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # what a broken EXIF says of the orientation is lost, the picture is not
        return image


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return the picture in L, RGB or RGBA, its colours as its profile means them."""
    has_alpha = image.has_transparency_data
    plain = (
        image
        if image.mode in {"L", "RGB", "CMYK"}
        else image.convert("RGBA" if has_alpha else "RGB")
    )
    profile = image.info.get("icc_profile")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            mode = "RGBA" if plain.mode == "RGBA" else "RGB"
            return ImageCms.profileToProfile(plain, source, target, outputMode=mode) or plain
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a profile of something else: the colours are taken as they are
    return plain.convert("RGB") if plain.mode == "CMYK" else plain


def _bare(image: Image.Image) -> Image.Image:
    """Return the pixels in a new image, which has nothing else for an encoder to write."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    return bare


def fingerprint_of(image: Image.Image) -> int | None:
    """Return the difference hash: for 8 × 8 places, whether it gets brighter to the right.

    64 bits as a signed whole number. Copies that were scaled, compressed or stamped differ in few
    bits. None for a picture that is too plain.
    """
    grey = image.convert("L").resize((9, 8), Image.Resampling.LANCZOS)
    levels = np.asarray(grey, dtype=np.int16)
    if levels.max() - levels.min() < MIN_CONTRAST:
        return None
    brighter = np.packbits(levels[:, 1:] > levels[:, :-1])
    return int.from_bytes(brighter.tobytes(), "big", signed=True)
