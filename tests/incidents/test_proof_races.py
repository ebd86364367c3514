"""A proof that is asked for while monitors act is of one moment: before the act, or after it."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from accounts.models import Role
from core.canonical import canonical_json
from incidents.selectors.proof import proof_bundle
from incidents.vocab import Grade
from ledger import sealing, signing
from tests.clients.conftest import program
from tests.clients.stories import assess, split
from tests.factories import make_actor, make_incident, merge_incidents

__all__ = ["program"]

pytestmark = pytest.mark.usefixtures("committed_db")


def in_a_thread(call):
    def run():
        try:
            return call()
        finally:
            connections.close_all()

    return run


def test_it_waits_for_an_act_that_is_not_committed():
    monitor, incident = make_actor(Role.MONITOR), make_incident()

    def prove():
        return proof_bundle(actor=monitor, incident_id=incident.id)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assess(monitor, incident, Grade.FAIR)
            asked = pool.submit(in_a_thread(prove))
            # Read by now or waiting: either way it must not show half of the act.
            assert prove()["incident"]["grade"] == "fair"
        bundle = asked.result()
    assert len(bundle["assessments"]) == (1 if bundle["incident"]["grade"] else 0)


def test_whatever_happens_meanwhile_no_proof_contradicts_itself(program):
    monitor = make_actor(Role.MONITOR)
    incident, other = make_incident(), make_incident()
    report = other.reports.get()
    keys = program.Keys(signing.public_keys())

    def act():
        apart = other
        for _ in range(4):
            merge_incidents(incident, apart, actor=monitor)
            assess(monitor, incident, Grade.FAIR)
            apart = split(monitor, incident, report)
            sealing.seal()

    def prove():
        proofs = (proof_bundle(actor=monitor, incident_id=incident.id) for _ in range(12))
        return [canonical_json(proof) for proof in proofs]

    with ThreadPoolExecutor(2) as pool:
        acting, proving = pool.submit(in_a_thread(act)), pool.submit(in_a_thread(prove))
        acting.result()
        bundles = proving.result()
    for bundle in [*bundles, *prove()]:
        if json.loads(bundle)["pending"] == 0:
            program.bundle_check(bundle, keys, None, [])
