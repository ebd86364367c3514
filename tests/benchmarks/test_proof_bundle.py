"""What the proof of an incident costs: with its reports, and with a ledger a thousand times longer.

make bench ARGS="-k proof_bundle"
"""

import contextlib
import io
import sys
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

from django.conf import settings
from django.db import connection

from accounts.actors import Actor
from accounts.models import Role
from core.canonical import canonical_json
from incidents.models import Incident
from incidents.selectors.proof import proof_bundle
from ledger import sealing, signing
from ledger.models import Head
from ledger.roles import acting_as
from tests.clients.conftest import program
from tests.factories import make_actor, merge_incidents
from tests.incidents.judging import fresh, relayed_incident

__all__ = ["program"]
HEADS = 100_000


def seconds(call: Callable[[], Any]) -> float:
    """Return the shortest of three runs."""
    spans = []
    for _ in range(3):
        start = time.perf_counter()
        call()
        spans.append(time.perf_counter() - start)
    return min(spans)


def incident_of(monitor: Actor, reports: int) -> Incident:
    """Return an incident whose reports were each sealed under a head of its own."""
    incidents = []
    for number in range(reports):
        incidents.append(relayed_incident(number))
        sealing.seal()
    merge_incidents(*incidents, actor=monitor)
    sealing.seal()
    return fresh(incidents[0])


def test_proof_bundle(db: None, program: ModuleType) -> None:
    monitor = make_actor(Role.MONITOR)
    keys = program.Keys(signing.public_keys())

    def measure(incident: Incident) -> tuple[int, float, float]:
        def make() -> bytes:
            return canonical_json(proof_bundle(actor=monitor, incident_id=incident.id))

        bundle = make()
        with contextlib.redirect_stdout(io.StringIO()):
            checked = seconds(lambda: program.bundle_check(bundle, keys, None, []))
        return len(bundle), seconds(make), checked

    for reports in (10, 100):
        incident = incident_of(monitor, reports)
        size, made, checked = measure(incident)
        tell(f"{reports} reports: {size / 1e3:.0f} kB, made {made:.3f} s, checked {checked:.3f} s")
    lengthen_ledger()
    longer = measure(incident)[1]
    tell(f"the same under {HEADS:,} heads more: {longer:.3f} s, {longer / made:.2f} times")


def tell(line: str) -> None:
    sys.stdout.write(f"\n{line}")


def lengthen_ledger() -> None:
    """Add heads after the newest, of a hundred entries each that nobody asks for."""
    last = Head.objects.filter(list=Head.List.AUDIT).latest("number")
    with acting_as(settings.SEALER_ROLE), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_head (id, list, number, first_seq, last_seq, root, leaves,"
            " previous, sealed_at, hash, key_id, signature)"
            " SELECT gen_random_uuid(), 'audit', %s + n, %s + 100 * n, %s + 100 * n + 99, '',"
            " decode(repeat('00', 3200), 'hex'), '', now(), '', '', ''"
            " FROM generate_series(1, %s) AS n",
            [last.number, last.last_seq, last.last_seq, HEADS],
        )
