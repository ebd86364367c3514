"""The queue over 400,000 incidents, its page over 10,000 and over 1,000,000, and what bulk grading
costs beside grading by hand.

    make bench ARGS="-k queue"

Ratios within one run: of a filtered page to the page without a filter, with the milliseconds.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from django.db import connection

from accounts.actors import Actor
from accounts.models import Role
from core.geo import bbox_parse
from incidents.selectors.queue import IncidentFilter, incident_queue
from incidents.services.bulk import BulkAction, BulkOrder, bulk_carry_out, bulk_propose
from incidents.services.judging import incident_assess
from incidents.vocab import Grade
from tests.factories import make_actor, make_incident, make_member
from tests.monitor.signing_in import signed_in

INCIDENTS, PAGE, GRADES = 400_000, 51, 100
ARCHIVES, WAITING = (10_000, 1_000_000), 2_000
FILL = """
    INSERT INTO incidents_incident (
        id, version, created_at, changed_at, state, grade, casualties, independent_sources, units,
        title, weapon, alleged_actor, targets, damage, location, uncertainty_m,
        location_precision, place_name, country, pcode, time_start, time_end, time_precision)
    SELECT gen_random_uuid(), 1, now() - (%(count)s - i) * interval '1 minute', now(),
        CASE WHEN mod(i, 50) = 0 THEN 'new' ELSE 'in_review' END,
        CASE WHEN mod(i, 50) = 0 THEN '' ELSE 'weak' END, '[]', mod(i, 5), '[]',
        'Strike on ' || md5(i::text), CASE WHEN mod(i, 1000) = 1 THEN 'landmine' ELSE 'mortar' END,
        '', '{}', '{}', ST_SetSRID(ST_Point(35 + random() * 10, 30 + random() * 7), 4326), 0,
        'exact', 'Place ' || md5((i / 100)::text),
        CASE WHEN mod(i, 300) = 0 THEN 'LB' ELSE 'SY' END, '',
        timestamptz '2000-01-01' + i * interval '20 minutes',
        timestamptz '2000-01-01' + i * interval '20 minutes', 'day'
    FROM generate_series(1, %(count)s) AS i
"""
# The same, decided: published as they are. Those that wait for a decision are spread among them.
DECIDE = """
    UPDATE incidents_incident SET state = 'published', grade = 'weak', published_version = version
    WHERE state <> 'published'
"""
REOPEN = """
    UPDATE incidents_incident SET state = 'new', grade = '', published_version = NULL
    WHERE id IN (SELECT id FROM incidents_incident ORDER BY md5(id::text) LIMIT %(waiting)s)
"""
FILTERS = {
    "state new": IncidentFilter(states=("new",)),
    "ungraded": IncidentFilter(grades=("",)),
    "one weapon in 1,000": IncidentFilter(weapons=("landmine",)),
    "one country in 300": IncidentFilter(country="LB"),
    "small box": IncidentFilter(bbox=bbox_parse("36,33,36.1,33.1")),
    "large box": IncidentFilter(bbox=bbox_parse("36,31,44,36")),
    "two days": IncidentFilter(
        time_from=datetime(2005, 1, 1, tzinfo=UTC), time_until=datetime(2005, 1, 3, tzinfo=UTC)
    ),
    "assigned to nobody": IncidentFilter(unassigned=True),
    "no flags": IncidentFilter(has_flags=False),
    "more sources than any has": IncidentFilter(minimum_independent_sources=9),
    "words in every title": IncidentFilter(text="strike"),
    "words in no title": IncidentFilter(text="nowhere"),
}


def best_s(work: Callable[[], Any], times: int = 3) -> float:
    """Return the shortest of some runs, in seconds."""
    runs = []
    for _ in range(times):
        started = perf_counter()
        work()
        runs.append(perf_counter() - started)
    return min(runs)


def page_s(actor: Actor, wanted: IncidentFilter) -> float:
    rows = incident_queue(actor, wanted).order_by("created_at", "id")
    return best_s(lambda: list(rows.all()[:PAGE]))


def test_queue_filters(committed_db: Any, superuser: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"count": INCIDENTS})
    superuser.execute("ANALYZE incidents_incident")
    bob = make_actor(Role.MONITOR)
    plain = page_s(bob, IncidentFilter())
    print(f"\n{INCIDENTS:,} incidents; a page without a filter: {plain * 1000:.1f} ms")
    for name, wanted in FILTERS.items():
        took = page_s(bob, wanted)
        print(f"  {name:28} {took / plain:8.1f} times  {took * 1000:8.1f} ms")


def test_queue_page_beside_a_growing_archive(committed_db: Any, superuser: Any) -> None:
    client = signed_in(make_member(Role.MONITOR))
    took: dict[str, list[float]] = {}
    held = 0
    for archive in ARCHIVES:
        with connection.cursor() as cursor:
            cursor.execute(FILL, {"count": archive - held})
            cursor.execute(DECIDE)
            cursor.execute(REOPEN, {"waiting": WAITING})
        superuser.execute("VACUUM ANALYZE incidents_incident")
        held = archive
        for query in ("", "state=new", "assigned_to=none&needs_decision=true"):
            assert client.get(f"/queue/?{query}").context["is_more"]
            page = best_s(lambda: client.get(f"/queue/?{query}"), times=15)  # noqa: B023
            took.setdefault(query, []).append(page)
    print(f"\nThe queue's page, {WAITING:,} waiting among {ARCHIVES[0]:,} and {ARCHIVES[1]:,}")
    for query, (few, many) in took.items():
        print(
            f"  /queue/?{query:40} {many / few:5.2f} times"
            f"  {few * 1000:7.1f} ms {many * 1000:7.1f} ms"
        )


def by_hand_s(actor: Actor) -> float:
    ids = [make_incident().id for _ in range(GRADES)]

    def grade() -> None:
        for id_ in ids:
            incident_assess(actor=actor, incident_id=id_, version=1, grade=Grade.WEAK, reason="r")

    return best_s(grade, times=1)


def in_bulk_s(actor: Actor) -> float:
    for _ in range(GRADES):
        make_incident()
    order = BulkOrder(BulkAction.GRADE, IncidentFilter(states=("new",)), "r", Grade.WEAK)
    proposal = bulk_propose(actor=actor, order=order)
    confirmed = {"token": proposal.token, "confirm_count": proposal.count}
    return best_s(lambda: bulk_carry_out(actor=actor, order=order, **confirmed), times=1)


def test_queue_bulk_grading(committed_db: Any) -> None:
    bob = make_actor(Role.MONITOR)
    # In turns, so that whatever else the machine does weighs on both.
    hand, bulk = map(min, zip(*((by_hand_s(bob), in_bulk_s(bob)) for _ in range(3)), strict=True))
    each_ms = bulk / GRADES * 1000
    print(f"\n{GRADES} grades in bulk: {bulk / hand:.2f} times by hand, {each_ms:.1f} ms each")
