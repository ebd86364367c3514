"""Exports and pages in every format: the same rows, for the right readers, from one state."""

import csv
import io
import json
import re

import pyarrow.parquet as pq
import pytest
from django.conf import settings

from feed import exports
from feed.formats import FORMATS
from feed.formats.columns import columns_of
from feed.models import Audience, Change, Kind
from feed.params import ItemsQuery
from feed.sealing import seal
from tests.factories import make_incident
from tests.feed.making import ITEMS, entry, published

pytestmark = pytest.mark.django_db
EXPORTS = "/api/v1/exports/"
PARTNERS_ONLY = {"title", "alleged_actor", "place_name", "pcode", "location_precision", "flags"}


def ids(name: str, content: bytes) -> list[str]:
    match name:
        case "geojson":
            return [one["id"] for one in json.loads(content)["features"]]
        case "geojsonseq":
            return [json.loads(one)["id"] for one in content.decode().split("\x1e")[1:]]
        case "parquet":
            return pq.read_table(io.BytesIO(content))["id"].to_pylist()
    lines = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    return [one["id"] for one in (lines[1:] if name == "csv-hxl" else lines)]


def names(name: str, content: bytes) -> set[str]:
    """Return the columns, or the properties of the first feature."""
    match name:
        case "geojson":
            return set(json.loads(content)["features"][0]["properties"])
        case "geojsonseq":
            return set(json.loads(content[1:])["properties"])
        case "parquet":
            return set(pq.read_schema(io.BytesIO(content)).names)
    return set(content.decode().splitlines()[0].split(","))


def exported(client, name="geojson", collection="incidents", **given) -> bytes:
    answer = client.get(f"{EXPORTS}{collection}.{FORMATS[name].extension}", given)
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_lists_the_same_rows_over_many_handfuls(name, public, monkeypatch):
    monkeypatch.setattr(exports, "ROWS_AT_ONCE", 2)
    made = [entry() for _ in range(5)]
    seal()
    assert ids(name, exported(public, name)) == [str(one.object_id) for one in made]
    newest_first = ids(name, exported(public, name, sortby="-seq"))
    assert newest_first == [str(one.object_id) for one in reversed(made)]


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_collection_is_a_file_too(name, public):
    assert ids(name, exported(public, name, "context-events")) == []


def test_it_is_chosen_as_items_are(public):
    inside, outside = entry(43.8, 33.3, killed_best=4), entry(10, 10)
    seal()
    for given in ({"bbox": "43,33,44,34"}, {"filter": "killed_best > 3"}):
        assert ids("geojson", exported(public, **given)) == [str(inside.object_id)]
    assert len(ids("geojson", exported(public, datetime="2014-05-11"))) == 2
    assert str(outside.object_id) not in exported(public, bbox="43,33,44,34").decode()


def test_it_stays_at_the_state_it_began_with(public, monkeypatch):
    monkeypatch.setattr(exports, "ROWS_AT_ONCE", 1)
    first, second = entry(), entry()
    seal()
    answer = public.get(f"{EXPORTS}incidents.geojson")
    entry(object_id=second.object_id, version=2, change=Change.WITHDRAWN)
    entry()
    seal()
    found = ids("geojson", b"".join(answer.streaming_content))
    assert found == [str(first.object_id), str(second.object_id)]
    assert 'filename="harmwatch-incidents-2.geojson"' in answer["Content-Disposition"]


@pytest.mark.usefixtures("layer", "units")
@pytest.mark.parametrize("name", FORMATS)
def test_the_public_gets_no_column_of_the_partners(name, public, partner):
    incident = published(make_incident(title="PLANTED-TITLE"))
    for_all, for_partners = exported(public, name), exported(partner, name)
    assert ids(name, for_all) == ids(name, for_partners) == [str(incident.id)]
    columns = [names(name, one) for one in (for_all, for_partners)]
    assert columns[0].isdisjoint(PARTNERS_ONLY)
    assert columns[1] >= PARTNERS_ONLY
    assert b"PLANTED-TITLE" not in for_all


def test_a_feature_has_no_property_without_a_column(layer, units, public, partner):
    published()
    for audience, client in ((Audience.PUBLIC, public), (Audience.PARTNER, partner)):
        [feature] = json.loads(exported(client))["features"]
        names = {one.name for one in columns_of(Kind.INCIDENT, audience)}
        assert feature["properties"].keys() <= names


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "geojson"])
def test_pages_of_items_follow_the_link(name, public):
    made = {str(entry().object_id) for _ in range(5)}
    seal()
    found, url = [], f"{ITEMS}?f={name}&limit=2"
    while url:
        answer = public.get(url)
        assert answer["Content-Type"] == FORMATS[name].media_type
        found += ids(name, answer.content)
        link = re.match("<([^>]+)>", answer.get("Link", ""))
        url = link and link[1]
    assert len(found) == 5
    assert set(found) == made


def test_accept_chooses_the_format(public):
    assert public.get(ITEMS, headers={"accept": "text/csv"})["Content-Type"].startswith("text/csv")
    for accepted in (
        "*/*",
        "application/geo+json,text/csv;q=0.1",
        "application/geo+json",
        "rubbish",
        "",
    ):
        answer = public.get(ITEMS, headers={"accept": accepted})
        assert answer["Content-Type"] == "application/geo+json"
        assert "Accept" in answer["Vary"]


def test_a_format_that_is_none_is_refused(public):
    answer = public.get(ITEMS, {"f": "xlsx"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "f"
    for name in ("incidents.xlsx", "incidents", "nothing.csv", ".csv", "incidents.csv.csv"):
        assert public.get(EXPORTS + name).status_code == 404
    assert public.get(f"{EXPORTS}incidents.csv?limit=5").status_code == 400


def test_more_than_may_run_at_once_are_asked_to_come_again(public):
    part = exports.Part(Audience.PUBLIC, Kind.INCIDENT, ItemsQuery(at_seq=0))
    running = [exports.Export(part, FORMATS["csv"]) for _ in range(settings.EXPORTS_AT_ONCE)]
    refused = public.get(f"{EXPORTS}incidents.csv")
    assert refused.status_code == 503
    assert int(refused["Retry-After"]) > 0
    running[0].close()  # a reader that went away before the first byte
    running[0].close()
    assert ids("csv", exported(public, "csv")) == []
    assert public.get(f"{EXPORTS}incidents.xlsx").status_code == 404
    running[1].close()
