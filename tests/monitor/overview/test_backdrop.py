"""What lies behind the incidents on the map: where people live, and the names of towns."""

import io

import numpy as np
import pytest
from PIL import Image

from accounts.models import Role
from scoring.services.layers import layer_activate
from scripts.vendor_towns import arabic_of
from tests.factories import make_member
from tests.feed.tiles.reading import decoded
from tests.monitor.signing_in import signed_in
from tests.security.public_walk import tile_of

HERE = (43.25, 33.75)


@pytest.fixture
def desk(db):
    return signed_in(make_member(Role.MONITOR))


def opacities(answer):
    return np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGBA"))[:, :, 3]


def picture_at(desk, z, place=HERE):
    return desk.get("/map/population/{}/{}/{}.png".format(*tile_of(*place, z)))


def test_people_are_drawn_by_how_close_they_live(desk, import_layer):
    cells = np.zeros((60, 60))
    cells[30, 30] = 50_000  # on some 0.7 km²
    cells[:, :10] = 50
    layer_activate(layer_id=import_layer(cells).id)
    answer = picture_at(desk, 8)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert "no-store" in answer["Cache-Control"]
    drawn = opacities(answer)
    assert {0, drawn.max()} <= {*np.unique(drawn)}
    assert len(np.unique(drawn)) == 3
    assert (drawn == drawn.max()).sum() < (drawn > 0).sum() / 20


def test_outside_the_layer_nothing_is_drawn(desk, import_layer):
    layer_activate(layer_id=import_layer(np.full((60, 60), 50.0)).id)
    assert not opacities(picture_at(desk, 8, (-60, 33.75))).any()
    assert not opacities(picture_at(desk, 8, (43.25, -33.75))).any()


def test_no_tile_holds_too_much_of_a_layer(desk, import_layer):
    layer_activate(layer_id=import_layer(np.full((60, 60), 50.0)).id)
    assert desk.get("/map/").context["layer_zoom"] == 5
    assert picture_at(desk, 5).status_code == 200
    assert picture_at(desk, 4).status_code == 404
    assert desk.get("/map/population/8/256/0.png").status_code == 404


def test_without_an_active_layer_there_is_none(desk, import_layer):
    import_layer(np.full((60, 60), 50.0))
    assert picture_at(desk, 8).status_code == 404
    assert "data-population" not in desk.get("/map/").content.decode()


def test_the_switch_is_in_the_address(desk, import_layer):
    layer_activate(layer_id=import_layer(np.full((60, 60), 50.0)).id)
    page = desk.get("/map/?people=1").content.decode()
    assert 'type="checkbox" checked' in page
    assert "people=1" in page
    assert 'name="people" value="1"' in page  # filtering again keeps it
    assert "Test bureau, 2020" in page
    assert 'type="checkbox" checked' not in desk.get("/map/").content.decode()


@pytest.mark.parametrize(("language", "name"), [("en", "Aleppo"), ("ar", "حلب")])
def test_the_largest_towns_are_named_in_the_reader_s_language(desk, tmp_path, language, name):
    path = "/map/towns/{}/{}/{}.mvt".format(*tile_of(37.16, 36.2, 6))
    answer = desk.get(path, headers={"accept-language": language})
    found = decoded(answer.content, tmp_path)
    assert name in {told["name"] for _, _, told in found}
    assert len(found) == 24


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["د مشق", "دمشق"], "دمشق"),
        (["كةربالا", "كربلاء", "كربلاء المقدسة"], "كربلاء"),
        (["ئاممان", "امان", "عمان"], "عمان"),
        (["الرمادى", "الرمادي"], "الرمادي"),
        (["ترابلس", "طرابلس", "طرابلس الشام"], "طرابلس"),
        (["ااالخرطوم", "خرطوم"], "خرطوم"),
        (["Aleppo", "Алеппо", "چمچمال", ""], ""),
    ],
)
def test_a_name_in_arabic_is_told_from_those_of_other_languages(names, chosen):
    assert arabic_of(names) == chosen


def test_the_sea_has_no_towns(desk):
    assert desk.get("/map/towns/8/0/128.mvt").status_code == 204
