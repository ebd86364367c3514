"""How well matching finds 2,000 duplicates among 7,473 events of UCDP, which it was not fitted on.

    make bench ARGS="-k matching_quality"

The events are imported as anybody's would be; each duplicate then asks the database for candidates,
which are scored. Only events count; that other duplicates take their places is no help to anybody.
"""

from collections import Counter
from pathlib import Path
from time import perf_counter

import pytest

from accounts.models import Role
from incidents.intake.presets.ucdp_ged import COLUMNS, submission_of_row
from incidents.intake.table_types import TableRow
from incidents.matching import LIKELY, match_score, subject_of
from incidents.models import MatchSuggestion, Report
from incidents.selectors.matching import candidate_pairs, data_sets_of, incidents_to_compare
from incidents.services.import_chunks import RowRead, chunk_make, chunk_store
from incidents.services.matching import matches_refresh
from scripts.make_matching_set import duplicates_make, events_parted, rows_read
from tests.factories import make_actor

UCDP = Path(__file__).resolve().parents[3] / "shared" / "data" / "ucdp_ged_iraq_hxl.csv"
MAPPING = {column.name: column.name for column in COLUMNS}
MEASURED, SEED, FIRST = 2000, 1, 5
CHUNK = 2000
LEAST_RECALL, LEAST_PRECISION = 0.95, 0.9


def _import(rows):
    """Import rows and return the incidents that they opened, by the rows' ids."""
    actor = make_actor(Role.SUBMITTER)
    read = [
        RowRead(number, submission_of_row(TableRow(number, row), MAPPING))
        for number, row in enumerate(rows, 1)
    ]
    for start in range(0, len(read), CHUNK):
        stored = chunk_store(actor=actor, chunk=chunk_make(actor, read[start : start + CHUNK]))
        assert (stored.known, stored.refused) == (0, [])
    keys = {f"ucdp-ged:{row['id']}": row["id"] for row in rows}
    opened = Report.objects.filter(idempotency_key__in=keys)
    return {keys[key]: id_ for key, id_ in opened.values_list("idempotency_key", "incident_id")}


def _ranked(duplicates):
    """Return each duplicate's events as (score, event), the best first."""
    ids = set(duplicates)
    pairs = [pair for pair in candidate_pairs(ids) if len(ids.intersection(pair)) == 1]
    pairs = [pair if pair[0] in ids else pair[::-1] for pair in pairs]
    wanted = {id_ for pair in pairs for id_ in pair}
    data_sets = data_sets_of(wanted)
    assert not any(data_sets[one] & data_sets[other] for one, other in pairs)  # two senders
    subjects = {row.id: subject_of(row, data_sets[row.id]) for row in incidents_to_compare(wanted)}
    found = {id_: [] for id_ in duplicates}
    for duplicate, event in pairs:
        found[duplicate].append((match_score(subjects[duplicate], subjects[event]).score, event))
    return {id_: sorted(rows, reverse=True) for id_, rows in found.items()}


def test_matching_quality(committed_db):
    if not UCDP.exists():
        pytest.skip("the UCDP file is not beside this checkout")
    rows = rows_read(UCDP)
    measured, _ = events_parted(rows, MEASURED)
    events = _import(rows)
    start = perf_counter()
    matches_refresh(incident_ids=list(events.values()))
    took = perf_counter() - start
    print(f"\nmatching {len(rows)} events at once: {took:.1f} s, {len(rows) / took:.0f} rows/s")
    kept = Counter(MatchSuggestion.objects.values_list("verdict", flat=True))
    print(f"pairs among the events, which are all distinct: {dict(kept)}")
    duplicates = duplicates_make(measured, seed=SEED)
    told = _import(duplicates)
    truth = {told[row["id"]]: events[row["duplicate_of"]] for row in duplicates}
    ranked = _ranked(list(truth))
    recall = {
        most: sum(truth[id_] in _events(found[:most]) for id_, found in ranked.items()) / MEASURED
        for most in (1, FIRST)
    }
    print(f"recall within the first: {recall[1]:.3f}, the first {FIRST}: {recall[FIRST]:.3f}")
    scored = [
        (score, truth[id_] == event) for id_, found in ranked.items() for score, event in found
    ]
    print(f"{len(scored)} pairs\nthreshold  precision  recall")
    for threshold in [*(n / 20 for n in range(2, 18)), *(n / 100 for n in range(90, 99))]:
        precision, share = _at(threshold, scored)
        print(f"     {threshold:.2f}      {precision:.3f}   {share:.3f}")
    assert recall[FIRST] >= LEAST_RECALL
    assert _at(LIKELY, scored)[0] >= LEAST_PRECISION


def _events(found):
    return {event for _, event in found}


def _at(threshold, scored):
    said = [right for score, right in scored if score >= threshold]
    return sum(said) / max(len(said), 1), sum(said) / MEASURED
