"""Every address that somebody without account can ask, with everything that can be asked of it."""

import gzip
import math
import re
from collections.abc import Iterator
from typing import Any

from django.test import Client

from feed.collections import COLLECTIONS
from feed.models import Release, ReleaseFile
from tests.security.access import routes

CLOSED = {302, 401, 403, 405}  # 302: to the login
OF_THE_MACHINE = {"/healthz", "/readyz"}  # they take no parameters, and their time
NO_SUCH = "00000000-0000-4000-8000-000000000000"
NOTHING = "nothing"
ASKED = [
    "",
    *(
        f"f={name}"
        for name in ("html", "json", "geojson", "geojsonseq", "csv", "csv-hxl", "parquet")
    ),
    *("f=geoparquet", "f=ndjson", "f=x", "limit=1", "limit=10000", "limit=0", "limit=x"),
    *("bbox=-180,-90,180,90", "bbox=43,33,44,34", "bbox=nan,0,1,1", "properties=title,grade"),
    *("datetime=2014-05-11", "datetime=2014-05-11T14:40:00Z", "datetime=../..", "datetime=x"),
    *(f"sortby={name}" for name in ("time_start", "-time_start", "seq", "-seq", "longitude")),
    *("title=Bakery", "as_of=1", "as_of=2999-01-01T00:00:00Z", "as_of=x", "grade=fair"),
    "filter=S_INTERSECTS(geometry,BBOX(43,33,44,34))",
    *("filter=exposure_1km%3E0", "filter=civilians_killed_best%3E0", "exposure_5km=0"),
    "filter=place_name LIKE 'N%25'",
    "filter=(((",
    'filter={"op":"=","args":[{"property":"grade"},"fair"]}&filter-lang=cql2-json',
    *("cursor=WyJwYXJ0bmVyIiwwLDFd", "cursor=x", "collections=incidents", "seq=1", "seq=2"),
    *("since=0&wait=0", "since=x", "kind=incident", "kind=exposure"),
]
# What is asked of pages for people beside: they are other answers to the same addresses.
PAGES_ASKED = [
    *("limit=1", "as_of=1", "bbox=43,33,44,34", "sortby=seq", "title=Bakery", "properties=grade"),
    "filter=exposure_1km%3E0 OR civilians_killed_best%3E0",
    *("from=2014-05-01&until=2014-05-31", "from=x", "weapon=barrel_bomb", "filter=((("),
    *("place=Fallujah", "place=nothing"),
]
METHODS = ("head", "options", "post", "put", "patch", "delete", "trace")


def values_of(parameter: str, shown: dict[str, Any]) -> list[Any]:
    """Return what a route's parameter is tried with; a new one must be said here, or it fails."""
    known = {
        "collection_id": [*COLLECTIONS, "admin-units", NOTHING],
        "feature_id": [*shown["ids"], *shown["hidden_ids"], NO_SUCH, NOTHING],
        "name": [*Release.objects.values_list("name", flat=True), "harmwatch_mirror.py", NOTHING],
        "file_name": [
            *ReleaseFile.objects.values_list("name", flat=True).distinct(),
            *(
                f"{name}.{end}"
                for name in ("incidents", "exposure")
                for end in ("geojson", "geojsons", "csv", "hxl.csv", "parquet")
            ),
            NOTHING,
        ],
        "tile": [*(tile_of(*shown["place"], z) for z in (0, 3, 5, 6, 9, 12, 14)), (2, 9, 9)],
        # The record's, all of them closed to the public.
        **{
            f"{what}_id": [*shown["hidden_ids"], NO_SUCH]
            for what in ("incident", "report", "evidence", "merge", "match", "import")
        },
        **{f"{what}_id": [NO_SUCH] for what in ("question", "webhook", "delivery", "unit")},
        "cell": ["862c25057ffffff", NOTHING],
        "key": ["hwd_nobodys"],
        # Of the pages.
        **{f"{what}_id": [NO_SUCH] for what in ("token", "device", "membership", "organisation")},
        "deed": ["link"],
        "code": ["ar", NOTHING],
        # The login's own.
        "pk": [1],
        "uidb36": [NOTHING],
    }
    assert parameter in known, (
        f"A route has the parameter {parameter}: say in tests/security/public_walk.py what to try,"
        " so that the search for secrets goes there too."
    )
    return known[parameter]


def tile_of(longitude: float, latitude: float, z: int) -> tuple[int, int, int]:
    """Return the tile (z, x, y) of a zoom that a point lies in."""
    across = (longitude + 180) / 360
    down = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2
    return z, int(across * 2**z), int(down * 2**z)


def paths(shown: dict[str, Any]) -> list[str]:
    """Return every path of the project, its parameters filled in with all that is known."""
    found: list[str] = []
    for route in routes():
        names = re.findall(r"<(?:\w+:)?(\w+)>", route)
        several = ["/" + route]
        if {"z", "x", "y"} <= set(names):
            several = [
                re.sub(r"<(?:\w+:)?([zxy])>", lambda m, t=tile: str(t["zxy".index(m[1])]), path)
                for path in several
                for tile in values_of("tile", shown)
            ]
            names = [name for name in names if name not in {"z", "x", "y"}]
        for name in names:
            several = [
                re.sub(rf"<(?:\w+:)?{name}>", str(value), path)
                for path in several
                for value in values_of(name, shown)
            ]
        found += several
    return found


def text_of(answer: Any) -> str:
    """Return status line, headers and body, unpacked, of an answer as one text."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    body = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    return (
        f"{answer.status_code} {answer.reason_phrase}\n{headers}\n{body.decode(errors='replace')}"
    )


def answers(client: Client, shown: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each request and its answer: on what is open every query, on all every method."""
    for path in paths(shown):
        client.cookies.clear()  # a language that was chosen would change all that follows
        first = client.get(path)
        yield f"GET {path}", text_of(first)
        if first.status_code not in CLOSED and path not in OF_THE_MACHINE:
            for asked in ASKED[1:]:
                yield f"GET {path}?{asked}", text_of(client.get(f"{path}?{asked}"))
            if "ETag" in first.headers:
                known = {"HTTP_IF_NONE_MATCH": first["ETag"], "HTTP_ACCEPT_ENCODING": "gzip"}
                yield f"GET {path} known", text_of(client.get(path, **known))
            html = client.get(path, HTTP_ACCEPT="text/html", HTTP_ORIGIN="https://a.example")
            yield f"GET {path} for a browser", text_of(html)
            if html.headers.get("Content-Type", "").startswith("text/html"):
                for asked in PAGES_ASKED:
                    page = client.get(f"{path}?{asked}", HTTP_ACCEPT="text/html")
                    yield f"GET {path}?{asked} for a browser", text_of(page)
        for method in METHODS:
            yield f"{method} {path}", text_of(getattr(client, method)(path))
