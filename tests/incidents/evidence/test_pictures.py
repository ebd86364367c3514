"""A working copy shows the picture, and holds nothing else of its file."""

import io
import zlib

import pytest
from PIL import Image, ImageCms

from incidents.pictures import MAX_PIXELS, NotCopied, picture_copy
from incidents.vocab import NoCopy
from tests.incidents.evidence.making import (
    SECRETS,
    difference,
    exif,
    jpeg,
    opened,
    png,
    rotated,
    saved,
    scene,
)


def copied(content):
    return picture_copy(io.BytesIO(content))


SCENE = scene()
THUMBNAIL = scene(seed=9, width=64, height=48)
PICTURES = {
    "jpeg": jpeg(),
    "png": png(),
    "webp": saved(SCENE, "WEBP", quality=95, exif=exif(), xmp=b"Umm Ahmed"),
    "tiff": saved(SCENE, "TIFF", exif=exif()),
    "heic": saved(SCENE, "HEIF", quality=95, exif=exif(), xmp=b"Umm Ahmed"),
    "gif": saved(SCENE.convert("P"), "GIF", comment=b"Umm Ahmed"),
    "bmp": saved(SCENE, "BMP"),
    "several in a jpeg": saved(
        SCENE, "MPO", quality=95, save_all=True, append_images=[THUMBNAIL], exif=exif()
    ),
}


def test_the_picture_of_the_test_tells_where_it_was_taken():
    gps = opened(PICTURES["jpeg"]).getexif().get_ifd(0x8825)
    assert [float(part) for part in gps[2]] == [33.0, 20.0, 58.92]
    assert all(secret in PICTURES["jpeg"] for secret in SECRETS[:5])


@pytest.mark.parametrize("original", PICTURES.values(), ids=PICTURES)
def test_no_metadata_is_in_the_copy(original):
    copy = copied(original)
    image = opened(copy.content)
    assert not image.getexif()
    assert not image.getexif().get_ifd(0x8825)
    carried = {"exif", "icc_profile", "comment", "xmp", "photoshop", "mp", "dpi", "Author"}
    assert carried.isdisjoint(image.info)
    assert not [secret for secret in SECRETS if secret in copy.content]
    assert getattr(image, "n_frames", 1) == 1


@pytest.mark.parametrize("original", PICTURES.values(), ids=PICTURES)
def test_the_copy_shows_the_same(original):
    copy = copied(original)
    assert (copy.width, copy.height) == SCENE.size
    seen = opened(original).convert("RGB")
    assert difference(opened(copy.content), seen) < 2


def test_only_segments_that_a_decoder_needs_are_in_a_jpeg():
    content, markers, at = copied(jpeg()).content, [], 2
    while content[at + 1] != 0xDA:  # start of scan
        markers.append(content[at + 1])
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    assert set(markers) <= {0xE0, 0xDB, 0xC0, 0xC4}  # JFIF, tables, frame, tables
    assert content.endswith(b"\xff\xd9")


def test_what_lost_nothing_loses_nothing():
    assert difference(opened(copied(png()).content), SCENE) == 0


def test_what_hangs_behind_the_picture_is_gone():
    assert b"script" not in copied(jpeg() + b"<html><script>alert(1)</script>").content


def test_the_copy_stands_upright():
    copy = copied(jpeg(rotated(SCENE), exif=exif(orientation=6)))
    assert (copy.width, copy.height) == SCENE.size
    assert difference(opened(copy.content), SCENE) < 3


def test_a_picture_with_broken_exif_is_copied_all_the_same():
    copy = copied(jpeg(exif=b"Exif\0\0MM\0*\xff\xff\xff\xff rubbish"))
    assert difference(opened(copy.content), SCENE) < 2


def profile(name="sRGB"):
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()


def test_colours_are_as_the_profile_means_them():
    swapped = (
        profile().replace(b"rXYZ", b"?XYZ").replace(b"gXYZ", b"rXYZ").replace(b"?XYZ", b"gXYZ")
    )
    red, green, blue = SCENE.split()
    meant = Image.merge("RGB", (green, red, blue))
    assert difference(opened(copied(jpeg(icc_profile=swapped)).content), meant) < 3


@pytest.mark.parametrize(
    "unusable",
    [b"rubbish", profile()[:100], bytes(128), profile("LAB")],
    ids=["rubbish", "cut", "empty", "of-lab"],  # a profile holds the second it was made in
)
def test_a_profile_that_cannot_be_used_changes_no_colour(unusable):
    assert difference(opened(copied(jpeg(icc_profile=unusable)).content), SCENE) < 2


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "CMYK", "YCbCr"])
def test_every_kind_of_pixels_is_copied(mode):
    kind = {"CMYK": "JPEG", "YCbCr": "JPEG", "PA": "TIFF"}.get(mode, "PNG")
    image = SCENE.convert("RGBA") if mode == "PA" else SCENE.convert(mode)
    assert copied(saved(image, kind)).width == SCENE.width


def test_what_is_transparent_stays_so():
    image = SCENE.convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(SCENE.size))
    copy = copied(saved(image, "WEBP", lossless=True, exact=True))
    assert copy.content_type == "image/png"
    assert opened(copy.content).getchannel("A").getextrema() == (0, 255)


def test_of_several_pictures_the_first_is_shown_and_that_is_said():
    film = saved(SCENE.convert("P"), "GIF", save_all=True, append_images=[THUMBNAIL.convert("P")])
    assert copied(film).is_first_of_several
    assert not copied(png()).is_first_of_several


def chunk(kind, content):
    body = kind + content
    return (len(content)).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")


def bomb(width, height):
    """Return a PNG of few bytes that says it has many pixels."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


HOSTILE = {
    "nothing": (b"", NoCopy.UNREADABLE),
    "truncated": (jpeg()[:2000], NoCopy.UNREADABLE),
    "only a head": (jpeg()[:20], NoCopy.UNREADABLE),
    "head and html": (b"GIF89a=1;alert(1)//<script>", NoCopy.UNREADABLE),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", NoCopy.UNREADABLE),
    "a decoder not asked for": (saved(SCENE, "PPM"), NoCopy.UNREADABLE),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", NoCopy.UNREADABLE),
    "heic of zeros": (b"\0\0\0\x1cftypheic" + bytes(400), NoCopy.UNREADABLE),
    "bomb": (bomb(15_000, 10_000), NoCopy.TOO_LARGE),
    "great bomb": (bomb(60_000, 40_000), NoCopy.TOO_LARGE),
    "16 bits": (saved(Image.new("I;16", (9, 9)), "PNG"), NoCopy.PIXELS),
}


@pytest.mark.parametrize(("content", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_what_cannot_be_copied_says_why(content, reason):
    with pytest.raises(NotCopied) as refused:
        copied(content)
    assert refused.value.reason == reason


def test_a_text_that_unpacks_to_much_more_is_not_unpacked():
    packed = chunk(b"zTXt", b"note\0\0" + zlib.compress(bytes(200_000_000)))
    with pytest.raises(NotCopied):
        copied(png()[:33] + packed + png()[33:])


def test_the_limit_lets_pictures_of_phones_pass():
    assert MAX_PIXELS >= 12_000 * 9_000
