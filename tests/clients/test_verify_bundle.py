"""``harmwatch_verify.py bundle``: what the proof of an incident proves, and what it leaves open."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from core.canonical import canonical_json
from incidents.models import Evidence, Incident
from incidents.selectors.proof import proof_bundle
from incidents.services.workflow import Step, incident_triage
from incidents.vocab import Grade
from ledger import sealing
from tests.clients.stories import (
    JPEG,
    STORIES,
    assess,
    bundle_of,
    corrected,
    judged,
    merged_twice,
    small,
)
from tests.clients.test_verify_entry import sign_again
from tests.factories import make_actor, make_incident, merge_incidents

Check = Callable[..., tuple[int, str]]
HEADS = "/.well-known/harmwatch-ledger.json"


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_the_proof_of_every_story_holds(
    db: None, check: Check, story: Callable[[], Incident]
) -> None:
    code, said = check("bundle", bundle_of(story()))
    assert code == 0, said
    assert "not a byte was changed since" in said


def test_it_says_what_it_proves(db: None, check: Check) -> None:
    incident = judged()
    _, said = check("bundle", bundle_of(incident))
    assert f"It says: incident {incident.id} in version {incident.version}" in said
    assert "The casualty figures follow from the claims in the receipts (1), and the" in said
    assert "independent sources (2) from who relays whom there." in said
    assert "The grade 'contested' is what the newest assessment left standing." in said
    assert "Each report (2) was received for this incident or moved into it." in said


def test_it_says_what_rests_on_the_signature_alone(db: None, check: Check) -> None:
    incident = small()
    code, said = check("bundle", bundle_of(incident))
    assert "alone rest the incident's state, time, uncertainty, units;" in said
    Incident.objects.filter(id=incident.id).update(title="Another", country="SY")
    code, said = check("bundle", bundle_of(incident))
    assert code == 0
    assert "incident's state, time, uncertainty, units, title, country;" in said
    assert "not proved  That what was reported is true" in said


def test_what_is_not_sealed_yet_is_counted_and_not_proved(db: None, check: Check) -> None:
    incident, monitor = small(), make_actor(Role.MONITOR)
    bundle = proof_bundle(actor=monitor, incident_id=incident.id)
    assert (bundle["pending"], bundle["entries"], bundle["heads"]) == (1, [], [])
    code, said = check("bundle", canonical_json(bundle))
    assert code == 1
    assert "Entries not sealed when it was made: 1. Ask for a newer bundle." in said


def test_an_entry_that_waits_and_bears_out_nothing_leaves_the_rest_proved(
    db: None, check: Check
) -> None:
    incident, monitor = small(), make_actor(Role.MONITOR)
    sealing.seal()
    incident_triage(
        actor=monitor, incident_id=incident.id, version=incident.version, step=Step.TRIAGE
    )
    bundle = proof_bundle(actor=monitor, incident_id=incident.id)
    code, said = check("bundle", canonical_json(bundle))
    assert code == 0
    assert "not proved  What entries say that were not sealed when it was made (1)." in said


def test_files_are_found_among_the_evidence(db: None, check: Check, tmp_path: Path) -> None:
    bundle = bundle_of(judged())
    code, said = check("bundle", bundle)
    assert (code, "give them with --evidence" in said) == (0, True)

    code, said = check("bundle", bundle, evidence=JPEG)
    assert code == 0
    assert "is, byte for byte, 'حفرة.jpg' of report" in said

    code, said = check("bundle", bundle, evidence=JPEG + b"\0")
    assert (code, "is not among the evidence" in said) == (1, True)


def test_the_receipt_of_a_file_is_checked_by_itself(db: None, check: Check) -> None:
    judged()
    receipt = Evidence.objects.get().receipt
    code, said = check("evidence", {"id": "x", "receipt": receipt}, file=JPEG)
    assert code == 0
    assert "The file is, byte for byte, what was received." in said
    assert check("evidence", receipt)[0] == 0
    assert check("evidence", receipt, file=JPEG[:-1])[0] == 1
    for name in receipt:
        code, said = check("evidence", receipt | {name: "changed"})
        assert (code, "FAILED" in said) == (1, True)


def test_heads_fetched_earlier_are_its_witness(db: None, check: Check, client: Client) -> None:
    bundle = bundle_of(judged())
    code, said = check("bundle", bundle)
    assert (code, "That the server shows everybody this same ledger" in said) == (0, True)

    code, said = check("bundle", bundle, head=client.get(HEADS).json())
    assert (code, "1 of its 1 heads are ones that were witnessed." in said) == (0, True)


@pytest.fixture
def three_heads(db: None) -> Incident:
    """An incident whose entries lie under heads 1 to 3, of 4."""
    incident, monitor = small(), make_actor(Role.MONITOR)
    for grade in (Grade.WEAK, Grade.FAIR):
        sealing.seal()
        assess(monitor, incident, grade)
    sealing.seal()
    small()
    sealing.seal()
    return incident


def test_the_heads_of_some_entries_may_have_gone_unseen(
    check: Check, three_heads: Incident, client: Client
) -> None:
    bundle = bundle_of(three_heads)
    assert [head["number"] for head in json.loads(bundle)["heads"]] == [1, 2, 3]
    newest, third, second, first = client.get(HEADS).json()["heads"]

    code, said = check("bundle", bundle, head=first)
    assert (code, "1 of its 3 heads are ones" in said) == (0, True)
    assert "not proved  That others were shown the heads 2, 3 too." in said

    # A head names the one before it.
    code, said = check("bundle", bundle, head=newest)
    assert "That others were shown the heads 1, 2 too." in said
    code, said = check("bundle", bundle, head={"heads": [third, second]})
    assert "3 of its 3 heads are ones that were witnessed." in said


def test_another_ledger_is_found_out(check: Check, three_heads: Incident, client: Client) -> None:
    bundle = bundle_of(three_heads)
    newest, third, _, _ = client.get(HEADS).json()["heads"]
    for witness in (
        sign_again(third, root="0" * 64),
        sign_again(newest, previous="0" * 64),
        {"heads": [newest, sign_again(third, root="0" * 64)]},
    ):
        code, said = check("bundle", bundle, head=witness)
        assert (code, "signed two different ledgers" in said) == (1, True)
    for nothing in ({"heads": []}, sign_again(newest, number=9)):
        code, said = check("bundle", bundle, head=nothing)
        assert (code, "No witnessed head is among heads 1 to 3" in said) == (1, True)


def test_a_court_sees_what_it_may(db: None, check: Check) -> None:
    allowed, other = (make_incident(consent__court=court) for court in (True, False))
    merge_incidents(allowed, other)
    code, said = check("bundle", bundle_of(allowed, "court"))
    assert code == 0
    assert "not proved  What reports left out say (1): no court may see them." in said
    code, said = check("bundle", bundle_of(allowed))
    assert (code, "reports left out say" in said) == (0, False)


def test_a_correction_and_nested_merges_are_followed(db: None, check: Check) -> None:
    for story, claims in ((corrected, 1), (merged_twice, 4)):
        _, said = check("bundle", bundle_of(story()))
        assert f"follow from the claims in the receipts ({claims})" in said


def test_several_pages_of_heads_may_be_given(
    program: Any, check: Check, three_heads: Incident, client: Client, tmp_path: Path
) -> None:
    bundle, keys = tmp_path / "bundle.json", tmp_path / "keys.json"
    bundle.write_bytes(bundle_of(three_heads))
    keys.write_bytes(client.get("/.well-known/harmwatch-keys.json").content)
    pages = []
    for before in (5, 3):
        page = tmp_path / f"heads-{before}.json"
        page.write_bytes(client.get(f"{HEADS}?before={before}&limit=2").content)
        pages.append(str(page))
    asked = ["bundle", str(bundle), "--keys", str(keys), "--head", *pages]
    assert program.main(asked) == 0
