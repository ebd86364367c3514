"""Fit the weights of incidents/matching.py and print them, with the curve they give.

    .venv/bin/python scripts/fit_matching.py UCDP.csv

Logistic regression on the events that the benchmark does not measure: their rough duplicates (see
make_matching_set.py) against all of them within reach. No weight may take the wrong sign.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")

import django  # noqa: E402

django.setup()

import numpy as np  # noqa: E402
from django.contrib.gis.geos import GEOSGeometry  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.actors import Actor  # noqa: E402
from accounts.models import Role  # noqa: E402
from core.geo import WGS84  # noqa: E402
from incidents import matching  # noqa: E402
from incidents.intake.presets.ucdp_ged import COLUMNS, submission_of_row  # noqa: E402
from incidents.intake.table_types import TableRow  # noqa: E402
from incidents.services.report_rows import ReportRows  # noqa: E402
from scripts.make_matching_set import (  # noqa: E402
    Row,
    duplicates_make,
    events_parted,
    rough_duplicates_make,
    rows_read,
)

MEASURED, SEED = 2000, 2
# Further off than this, beyond all uncertainty, nothing is a candidate.
NEAR_M, NEAR_DAYS = 20_000.0, 5.0
STATED = {
    *("same_weapon", "same_weapon_class", "other_weapon_class"),
    *("other_country", "same_data_set"),
}
FITTED = tuple(name for name in matching.WEIGHTS if name not in STATED)
PENALTIES = {"distance", "vague_place", "days", "vague_time", "figures_differ"}
ROUNDS, RIDGE = 100, 1.0


def subjects_of(rows: Sequence[Row]) -> list[matching.Subject]:
    """Return events as the matcher sees them."""
    actor = Actor(uuid4(), "fit", uuid4(), Role.SUBMITTER)
    now = timezone.now()
    mapping = {column.name: column.name for column in COLUMNS}
    subjects = []
    for number, row in enumerate(rows, 1):
        submission = submission_of_row(TableRow(number, row), mapping)
        incident = ReportRows(actor, submission, now).incident
        incident.location = GEOSGeometry(incident.location)  # made for COPY, as bytes
        subjects.append(matching.subject_of(incident))
    return subjects


def pairs_near(
    some: Sequence[matching.Subject], others: Sequence[matching.Subject]
) -> list[tuple[int, int]]:
    """Return which are near enough in place and time to be compared at all."""
    reach = np.array([(s.longitude, s.latitude, s.uncertainty_m, s.middle, s.span) for s in others])
    pairs = []
    for number, one in enumerate(some):
        days = np.abs(reach[:, 3] - one.middle) - reach[:, 4] - one.span
        when = np.flatnonzero(days <= NEAR_DAYS)
        here = np.full(len(when), one.longitude), np.full(len(when), one.latitude)
        metres = WGS84.inv(*here, reach[when, 0], reach[when, 1])[2]
        near = metres <= NEAR_M + one.uncertainty_m + reach[when, 2]
        pairs += [(number, int(other)) for other in when[near]]
    return pairs


def terms_of(one: matching.Subject, other: matching.Subject) -> list[float]:
    """Return what each weight is multiplied with, 0 where nothing is known."""
    found: dict[str, float] = {}
    for evidence in matching.evidence_of(one, other):
        found.update(evidence.terms)
    return [found.get(name, 0.0) for name in FITTED]


def weights_fit(terms: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Return base and weights that make the labels likeliest, by projected Newton steps."""
    design = np.column_stack([np.ones(len(terms)), terms])
    signs = np.array([0.0, *(-1.0 if name in PENALTIES else 1.0 for name in FITTED)])
    ridge = np.diag([0.0, *np.full(len(FITTED), RIDGE)])
    weights = np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        expected = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (same - expected) - ridge @ weights
        curve = (design.T * (expected * (1 - expected))) @ design + ridge
        # A weight that stands at zero and would take the wrong sign stays there.
        free = (signs == 0) | (weights != 0) | (slope * signs > 0)
        step = np.zeros_like(weights)
        step[free] = np.linalg.solve(curve[np.ix_(free, free)], slope[free])
        weights = weights + step
        weights[(signs != 0) & (weights * signs < 0)] = 0.0
    return weights


def curve_print(title: str, scores: np.ndarray, same: np.ndarray, duplicates: int) -> None:
    """Print precision and recall by threshold."""
    print(f"{title}: {duplicates} duplicates, {len(same)} pairs within reach")
    for threshold in [*np.arange(0.1, 0.9, 0.05), *np.arange(0.9, 0.98, 0.01)]:
        said = scores >= threshold
        right = same[said].sum()
        print(f"  {threshold:.2f}  precision {right / max(said.sum(), 1):.3f}", end="")
        print(f"  recall {right / duplicates:.3f}")


def main() -> None:
    """Fit on rough duplicates; show the curve on clean ones of the same events."""
    _, events = events_parted(rows_read(Path(sys.argv[1])), MEASURED)
    archive = subjects_of(events)
    weights = np.zeros(0)
    for title, make in (("rough", rough_duplicates_make), ("clean", duplicates_make)):
        duplicates = subjects_of(make(events, seed=SEED))
        pairs = pairs_near(duplicates, archive)
        terms = np.array([terms_of(duplicates[one], archive[other]) for one, other in pairs])
        same = np.array([one == other for one, other in pairs], float)
        if not weights.size:
            weights = weights_fit(terms, same)
            for name, weight in zip(("BASE", *FITTED), weights, strict=True):
                print(f"{name:>15} {weight:6.2f}")
        scores = 1 / (1 + np.exp(-(weights[0] + terms @ weights[1:])))
        curve_print(title, scores, same, len(duplicates))


if __name__ == "__main__":
    main()
