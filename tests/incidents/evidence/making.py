"""Pictures as phones make them, and sending them."""

import io

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageCms, ImageOps
from PIL.PngImagePlugin import PngInfo

from core.canonical import sha256_hex
from incidents.models import Evidence
from ledger.dispatch import dispatch

# What must never be in a copy.
SECRETS = (b"Umm Ahmed", b"TestPhone 7", b"33.3497", b"Exif", b"http://ns.adobe.com/xap", b"8BIM")
NORTH, EAST = (33.0, 20.0, 58.92), (43.0, 47.0, 2.76)


def scene(seed=1, width=320, height=240):
    """Return a picture with light and dark places of its own: the same for the same seed."""
    random = np.random.default_rng(seed)
    coarse = Image.fromarray(random.integers(0, 255, (12, 16, 3), dtype=np.uint8))
    return coarse.resize((width, height), Image.Resampling.BICUBIC)


def exif(orientation=1):
    data = Image.Exif()
    data[0x010F], data[0x0110], data[0x0112] = "Maker", "TestPhone 7", orientation
    data[0x013B] = "Umm Ahmed"
    gps = data.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", NORTH, "E", EAST
    data.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0Umm Ahmed"
    return data


def jpeg(image=None, **options):
    """Return a JPEG with all that a phone and an editor write beside the picture."""
    options = {
        "quality": 95,
        "exif": exif(),
        "comment": b"Umm Ahmed",
        "xmp": b'<x xmlns="http://ns.adobe.com/xap/1.0/">33.3497</x>',
        "icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    } | options
    file = io.BytesIO()
    (image or scene()).save(file, "JPEG", **options)
    return file.getvalue()


def png(image=None, **options):
    text = PngInfo()
    text.add_text("Author", "Umm Ahmed")
    file = io.BytesIO()
    (image or scene()).save(file, "PNG", exif=exif(), pnginfo=text, **options)
    return file.getvalue()


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def opened(content):
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def difference(one, other):
    """Return the mean difference of two pictures, in levels of 255."""
    levels = [np.asarray(image.convert("RGB"), dtype=float) for image in (one, other)]
    return float(np.abs(levels[0] - levels[1]).mean())


def rotated(image):
    """Return the picture as a phone held sideways stores it, whose EXIF then says 6."""
    return ImageOps.exif_transpose(image.copy()).transpose(Image.Transpose.ROTATE_90)


def upload(client, report, content, name="a.jpg", sha256=None, fields=()):
    """Post a file as one of the tests' people."""
    body = {"sha256": sha256 or sha256_hex(content)} | dict(fields)
    body["file"] = SimpleUploadedFile(name, content)
    return Client(raise_request_exception=True).post(
        f"/api/v1/reports/{report}/evidence/", body, **client._headers
    )


def evidence_with_copy(client, report, content, name="a.jpg"):
    """Upload a file, let the worker do its part, and return the evidence."""
    answer = upload(client, report, content, name)
    assert answer.status_code == 201, answer.content
    dispatch("incidents.working_copies")
    return Evidence.objects.select_related("working_copy").get(id=answer.json()["id"])
