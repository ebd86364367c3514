"""Matching one report against a million incidents, beside a hundred thousand at the same density.

    make bench ARGS="-k matching_scale"

Incidents lie around towns, as vague in place and time as UCDP's are. The larger archive is the
smaller one with four times the area and two and a half times the span around it.
"""

from statistics import median
from time import perf_counter

from django.db import connection, connections, transaction

from incidents.models import Incident, MatchSuggestion
from incidents.selectors.matching import candidate_pairs
from incidents.services.matching import matches_refresh

PROBES, ROUNDS, MOST_TIMES = 200, 5, 1.5

_INCIDENTS = """
    WITH town AS MATERIALIZED (
        SELECT number, %(west)s + 5 * (number * 0.618034 %% 1) AS longitude,
               31 + 5 * (number * 0.754878 %% 1) AS latitude
        FROM generate_series(%(first)s, %(first)s + 199) AS number
    ), event AS (
        SELECT %(first)s + floor(random() * 200) AS town, random() AS p, random() AS q,
               (random() + random() + random() - 1.5) / 10 AS east,
               (random() + random() + random() - 1.5) / 10 AS north,
               %(start)s::timestamptz
                   + make_interval(days => floor(random() * %(days)s)::int) AS day,
               floor(30 * random() * random())::int AS killed
        FROM generate_series(1, %(count)s)
    )
    INSERT INTO incidents_incident (
        id, kind, location, uncertainty_m, location_precision, place_name, country, pcode,
        time_start, time_end, time_precision, title, weapon, alleged_actor, targets, damage,
        version, created_at, changed_at, state, grade, casualties, units, independent_sources)
    SELECT gen_random_uuid(), 'strike',
        ST_SetSRID(ST_MakePoint(longitude + east, latitude + north), 4326),
        CASE WHEN p < .72 THEN 1000 WHEN p < .85 THEN 25000 WHEN p < .88 THEN 40000
             WHEN p < .95 THEN 80000 WHEN p < .98 THEN 60000 END,
        'town', 'Town ' || number, 'IQ', '',
        day, day + interval '1 day' - interval '1 second',
        CASE WHEN q < .916 THEN 'day' WHEN q < .975 THEN 'few_days' WHEN q < .98 THEN 'week'
             WHEN q < .995 THEN 'month' ELSE 'year' END,
        'Strike', 'barrel_bomb', 'Government forces', '{}', '{}', 1, now(), now(), 'new', '',
        jsonb_build_array(jsonb_build_object(
            'outcome', 'killed', 'civilian_status', 'civilian', 'sex', 'any', 'age_group', 'any',
            'party', '', 'minimum', killed, 'best', killed + 1, 'maximum', killed + 2)),
        '[]', 1
    FROM event JOIN town ON town.number = event.town
"""
# The middle of the smaller archive, so that neither has an edge near.
_PROBES = """
    SELECT id FROM incidents_incident
    WHERE ST_X(location) BETWEEN 41.5 AND 43.5 AND ST_Y(location) BETWEEN 32.5 AND 34.5
      AND time_start BETWEEN '2012-07-01' AND '2013-06-30'
    ORDER BY id LIMIT %s
"""


def _add(count, block, start, days):
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(%s)", [block / 10])
        block_of = {"first": 201 + 200 * block, "west": 40.0 + 5 * block}
        asked = {"count": count, "start": start, "days": days, **block_of}
        cursor.execute(_INCIDENTS, asked)


def _settle():
    """Bring statistics up to date and all pages into memory, as in a server that has run on."""
    with connections["migration"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE incidents_incident")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), sum(length(title)) FROM incidents_incident")


def _times_ms(work, probes):
    """Return each probe's least time of some rounds, which what else runs disturbs least."""
    for probe in probes:
        work(probe)
    return [min(_time_ms(work, probe) for _round in range(ROUNDS)) for probe in probes]


def _time_ms(work, probe):
    start = perf_counter()
    work(probe)
    return 1000 * (perf_counter() - start)


def _match(probe):
    with transaction.atomic():
        matches_refresh(incident_ids=[probe])
        transaction.set_rollback(True)


def _measure(probes):
    found = [len(candidate_pairs([probe])) for probe in probes]
    whole = _times_ms(_match, probes)
    finding = _times_ms(lambda probe: candidate_pairs([probe]), probes)
    print(
        f"{Incident.objects.count():>9,} incidents: one report {median(whole):5.1f} ms"
        f" (90 %: {sorted(whole)[int(0.9 * len(whole))]:.1f} ms),"
        f" of it finding candidates {median(finding):5.1f} ms;"
        f" candidates: median {median(found):.0f}, most {max(found)}"
    )
    return median(whole)


def test_matching_scale(committed_db):
    print()
    _add(100_000, 0, "2012-01-01", 730)
    _settle()
    with connection.cursor() as cursor:
        cursor.execute(_PROBES, [PROBES])
        probes = [row[0] for row in cursor.fetchall()]
    assert len(probes) == PROBES
    small = _measure(probes)
    _add(75_000, 0, "2010-07-02", 548)
    _add(75_000, 0, "2013-12-31", 547)
    for block in (-1, 1, 2):
        _add(250_000, block, "2010-07-02", 1825)
    _settle()
    large = _measure(probes)
    print(f"ratio {large / small:.2f} (at most {MOST_TIMES})")
    assert not MatchSuggestion.objects.exists()
    assert large <= MOST_TIMES * small
