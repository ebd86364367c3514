"""Planted secrets, looked for in every byte that the public can get from the feed."""

import struct

import pytest
from django.db import connection
from django.test import Client

from feed import items
from feed.models import Audience, LogEntry
from tests.factories import bearer, make_member
from tests.feed.conftest import layer, units  # noqa: F401 - fixtures
from tests.feed.making import ITEMS, published

LON, LAT = 43.78412357, 33.34978642
SECRETS = {
    "title": "Bakery of Abu Yusuf",
    "description": "behind the blue gate",
    "location__place_name": "Nazzal quarter, house 14",
    "location__pcode": "IQ0107042",
    "alleged_actor": "Colonel Falan",
    "sources__0__name": "Doctor Zayd",
    "sources__1__description": "baker next door",
    "sources__1__identity": "Umm Ahmed Salih",
    "reporter": {"name": "Samir Haddad", "contact": "samir@planted.example"},
}
# With the T: a clock may show 13:14:37.
FINER_THAN_PUBLIC = ["T14:37", "T14:52", "87.5"]
FILTERS = [
    "",
    "?limit=1",
    "?bbox=-180,-90,180,90",
    "?bbox=43,33,44,34",
    "?datetime=2014-05-11",
    "?datetime=../..",
    "?bbox=nan,0,1,1",
    "?limit=0",
    "?title=Bakery",
    "?filter=place_name%20LIKE%20%27N%25%27",
    "?sortby=longitude",
    "?cursor=WyJwYXJ0bmVyIiwwLDFd",
]


def decimal_forms(number):
    """Return the number cut and rounded to 4 and more decimals, and as bytes in hex."""
    exact = f"{number:.8f}"
    cut = {exact[: exact.index(".") + 1 + places] for places in range(4, 9)}
    rounded = {f"{number:.{places}f}" for places in range(4, 9)}
    return cut | rounded | {struct.pack("<d", number).hex(), struct.pack(">d", number).hex()}


def words():
    texts = [value for value in SECRETS.values() if isinstance(value, str)]
    return {*texts, *SECRETS["reporter"].values(), *FINER_THAN_PUBLIC}


@pytest.fixture
def incident(layer, units):  # noqa: F811
    return published(
        **SECRETS,
        location__longitude=LON,
        location__latitude=LAT,
        location__precision="within_100m",
        location__uncertainty_m=87.5,
        occurred__start="2014-05-11T14:37:00Z",
        occurred__end="2014-05-11T14:52:00Z",
        occurred__precision="minute",
    )


def routes(incident):
    yield from ("/ogc/", "/ogc/api", "/ogc/conformance", "/ogc/collections", "/ogc/elsewhere")
    yield from ("/ogc/collections/incidents", "/ogc/collections/rumours")
    yield from (f"{ITEMS}{query}" for query in FILTERS)
    yield from (f"{ITEMS}/{name}" for name in (incident.id, "rubbish", incident.reports.get().id))


def everything(client, incident):
    """Return status line, headers and body of every answer, as one text for each."""
    for route in routes(incident):
        for method in (client.get, client.head, client.options, client.post):
            answer = method(route)
            headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
            yield route, f"{answer.reason_phrase}\n{headers}\n{answer.content.decode()}"


READERS = [None, "submitter", "administrator"]


def reader(role):
    headers = bearer(make_member(role)) if role else {}
    return Client(raise_request_exception=False, **headers)


@pytest.mark.parametrize("role", READERS)
def test_no_answer_holds_what_was_planted(incident, role):
    forbidden = words() | decimal_forms(LON) | decimal_forms(LAT)
    claims = {str(claim.id) for report in incident.reports.all() for claim in report.claims.all()}
    forbidden |= claims
    reports = {str(report.id) for report in incident.reports.all()}
    count = 0
    for route, answer in everything(reader(role), incident):
        found = {secret for secret in forbidden if secret in answer}
        found |= {id_ for id_ in reports if id_ in answer.replace(route, "")}
        assert not found, route
        count += answer.count(str(incident.id))
    assert count > 3  # the incident itself is there, so the search was not in vain


def test_no_public_row_holds_what_was_planted(incident):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t::text, ST_AsText(geometry, 15) FROM feed_logentry t WHERE audience = 'public'"
        )
        rows = cursor.fetchall()
    assert len(rows) == 2  # the incident and its exposure
    for secret in words() | decimal_forms(LON) | decimal_forms(LAT):
        assert not any(secret in row + point for row, point in rows)


def test_partners_do_see_it(incident):
    """Else the tests above would look for what nobody is ever shown."""
    feature = LogEntry.objects.get(audience=Audience.PARTNER, kind="incident").feature
    for secret in ("Bakery of Abu Yusuf", "Nazzal quarter", "IQ0107042", "Colonel Falan"):
        assert secret in feature
    for never in ("Doctor Zayd", "Umm Ahmed Salih", "Samir Haddad", "samir@", "blue gate"):
        assert never not in feature


def test_a_bbox_used_as_an_oracle_leads_to_the_blurred_point(incident):
    client = Client()

    def inside(west, south, east, north):
        answer = client.get(ITEMS, {"bbox": f"{west!r},{south!r},{east!r},{north!r}"})
        return answer.json()["numberReturned"] == 1

    assert not inside(LON - 0.0005, LAT - 0.0005, LON + 0.0005, LAT + 0.0005)
    west, south, east, north = 42.0, 32.0, 45.0, 35.0
    for _step in range(40):
        middle = (west + east) / 2
        west, east = (west, middle) if inside(west, south, middle, north) else (middle, east)
        middle = (south + north) / 2
        south, north = (south, middle) if inside(west, south, east, middle) else (middle, north)
    shown = client.get(ITEMS).json()["features"][0]["geometry"]["coordinates"]
    assert [(west + east) / 2, (south + north) / 2] == pytest.approx(shown, abs=1e-6)
    assert shown != pytest.approx([LON, LAT], abs=1e-3)


def test_a_datetime_used_as_an_oracle_tells_the_day(incident):
    client = Client()
    for moment in ("00:00:00", "14:40:00", "23:59:59"):
        answer = client.get(ITEMS, {"datetime": f"2014-05-11T{moment}Z"})
        assert answer.json()["numberReturned"] == 1
    assert client.get(ITEMS, {"datetime": "2014-05-12"}).json()["numberReturned"] == 0


def test_a_fault_tells_nothing_of_its_cause(incident, monkeypatch):
    def fail(*arguments):
        raise RuntimeError(f"{LON} {SECRETS['title']}")

    monkeypatch.setattr(items, "items_page", fail)
    answer = reader(None).get(ITEMS)
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert SECRETS["title"] not in answer.content.decode()
    assert str(LON) not in answer.content.decode()
