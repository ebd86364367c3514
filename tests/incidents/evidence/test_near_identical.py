"""Pictures that are the same, or nearly, are shown to monitors over all organisations."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance

from incidents.models import Evidence, WorkingCopy
from incidents.pictures import fingerprint_of
from incidents.selectors.evidence import NEAR_BITS, near_identical_visible_to
from tests.factories import make_actor
from tests.incidents.evidence.making import evidence_with_copy, jpeg, opened, png, scene
from tests.incidents.openrosa.sending import MP4

SCENE = scene()


def stamped(image):
    copy = image.copy()
    ImageDraw.Draw(copy).rectangle((0, 200, 90, 240), fill="white")
    return copy


def bits_between(one, other):
    return ((one ^ other) & (2**64 - 1)).bit_count()


LIKE = {
    "compressed": opened(jpeg(SCENE, quality=30)),
    "scaled": SCENE.resize((160, 120)),
    "grey": SCENE.convert("L"),
    "brighter": ImageEnhance.Brightness(SCENE).enhance(1.2),
    "with a stamp": stamped(SCENE),
    "cut at the edges": SCENE.crop((4, 3, 316, 237)),
}


@pytest.mark.parametrize("copy", LIKE.values(), ids=LIKE)
def test_a_copy_that_was_worked_on_is_near(copy):
    assert bits_between(fingerprint_of(SCENE), fingerprint_of(copy)) <= NEAR_BITS


def test_other_pictures_are_far():
    others = [fingerprint_of(scene(seed)) for seed in range(2, 40)]
    assert all(bits_between(fingerprint_of(SCENE), other) > 2 * NEAR_BITS for other in others)


@pytest.mark.parametrize("colour", ["black", "white", "grey"])
def test_a_plain_picture_is_like_no_other(colour):
    assert fingerprint_of(Image.new("RGB", (300, 200), colour)) is None


@pytest.fixture
def pair(alice, report, charlie, other_report):
    """The same scene from two organisations, and another scene."""
    one = evidence_with_copy(alice, report, jpeg())
    two = evidence_with_copy(charlie, other_report, jpeg(stamped(SCENE.resize((200, 150)))))
    evidence_with_copy(charlie, other_report, png(scene(3)), name="other.png")
    return one, two


def test_a_monitor_is_warned(bob, pair):
    one, two = pair
    (warning,) = bob.get(f"/api/v1/evidence/{one.id}/").json()["near_identical"]
    assert warning["evidence"] == str(two.id)
    assert warning["report"] == str(two.report_id)
    assert warning["incident"] == str(two.report.incident_id)
    assert 0 <= warning["distance"] <= NEAR_BITS


def test_who_reads_only_their_own_is_told_of_nobodys(alice, charlie, pair):
    for reader, evidence in zip((alice, charlie), pair, strict=True):
        assert reader.get(f"/api/v1/evidence/{evidence.id}/").json()["near_identical"] == []


def test_the_same_film_is_found_by_its_content(alice, report, charlie, other_report, bob):
    one = evidence_with_copy(alice, report, MP4, name="a.mp4")
    two = evidence_with_copy(charlie, other_report, MP4, name="b.mp4")
    (warning,) = bob.get(f"/api/v1/evidence/{one.id}/").json()["near_identical"]
    assert (warning["evidence"], warning["distance"]) == (str(two.id), 0)


@given(fingerprint=st.integers(-(2**63), 2**63 - 1), flips=st.sets(st.integers(0, 63), max_size=9))
def test_a_near_fingerprint_shares_a_band_but_for_one_bit(fingerprint, flips):
    other = fingerprint
    for bit in flips:
        other ^= 1 << bit
    bands = [((fingerprint ^ other) >> shift & 0xFFFF).bit_count() for shift in (0, 16, 32, 48)]
    assert len(flips) > NEAR_BITS or min(bands) <= 1


def test_the_search_finds_all_within_the_distance_and_none_beyond(alice, report, db):
    evidence = evidence_with_copy(alice, report, jpeg())
    base = WorkingCopy.objects.get().fingerprint
    random = np.random.default_rng(5)
    expected = set()
    for flips in [0, 1, 2, 3, 4, 5, 6, 7, 7, 7, 7, 8, 8, 9, 20]:
        other = base
        for bit in random.choice(64, flips, replace=False).tolist():
            other ^= 1 << bit if bit < 63 else -(1 << 63)
        row = Evidence.objects.create(
            report_id=report, name=str(random.integers(2**60)), sha256="0", size=1, receipt={}
        )
        WorkingCopy.objects.create(
            evidence=row,
            maker="1",
            made_at=row.received_at,
            storage_name="x",
            size=1,
            width=1,
            height=1,
            fingerprint=other,
        )
        if flips <= NEAR_BITS:
            expected.add((row.id, flips))
    monitor = make_actor("monitor")
    evidence.refresh_from_db()
    found = near_identical_visible_to(monitor, evidence)
    assert {(one.evidence_id, one.distance) for one in found} == expected
    assert [one.distance for one in found] == sorted(one.distance for one in found)
