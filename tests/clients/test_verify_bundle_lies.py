"""A server that lies and signs its lie: what does not follow from what was sealed is found."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from core.canonical import canonical_json, sha256_hex
from incidents.models import Incident
from ledger import signing
from tests.clients.stories import (
    bundle_of,
    corrected,
    empty,
    judged,
    merged_twice,
    signed_again,
    small,
    split_off,
)

Check = Callable[..., tuple[int, str]]
Bundle = dict[str, Any]


@pytest.fixture
def caught(db: None, check: Check) -> Callable[..., str]:
    """Return a function that tells a lie about a story and returns why it was refused."""

    def tell(story: Callable[[], Incident], lie: Callable[[Bundle], object]) -> str:
        truth = bundle_of(story())
        told = json.loads(truth)
        lie(told)
        assert canonical_json(told) != truth
        code, said = check("bundle", signed_again(told))
        assert code == 1
        failures = [line for line in said.splitlines() if line.startswith("FAILED")]
        assert len(failures) == 1
        return failures[0]

    return tell


def entries(bundle: Bundle, action: str) -> list[Bundle]:
    return [item for item in bundle["entries"] if item["entry"]["action"] == action]


def without(bundle: Bundle, action: str) -> None:
    bundle["entries"].remove(entries(bundle, action)[0])


def receipt_signed_again(receipt: Bundle) -> None:
    del receipt["signature"]
    receipt["signature"] = signing.sign(receipt)


def test_figures_that_do_not_follow_from_the_claims(caught: Any) -> None:
    def fewer(bundle: Bundle) -> None:
        bundle["incident"]["casualties"][0]["best"] = 4

    def true_for_one(bundle: Bundle) -> None:
        bundle["incident"]["casualties"][0]["independent_sources"] = True

    def more_sources(bundle: Bundle) -> None:
        bundle["incident"]["independent_sources"] += 1

    for lie in (fewer, true_for_one, lambda bundle: bundle["incident"]["casualties"].clear()):
        assert "figures do not follow from the claims" in caught(judged, lie)
    assert "does not follow from who relays whom" in caught(small, more_sources)


def test_another_claim_needs_another_receipt_and_that_another_hash(caught: Any) -> None:
    def claim(bundle: Bundle) -> None:
        bundle["reports"][0]["receipt"]["report"]["claims"][0]["best"] = 6
        bundle["incident"]["casualties"][0]["best"] = 6

    def receipt_too(bundle: Bundle) -> None:
        claim(bundle)
        receipt_signed_again(bundle["reports"][0]["receipt"])

    def hash_too(bundle: Bundle) -> None:
        receipt_too(bundle)
        told = entries(bundle, "report.received")[0]["entry"]["data"]
        told["receipt_sha256"] = sha256_hex(canonical_json(bundle["reports"][0]["receipt"]))

    assert "The signature of the receipt of report" in caught(small, claim)
    assert "No sealed entry 'report.received' bears out" in caught(small, receipt_too)
    assert "is not what was sealed" in caught(small, hash_too)


def test_an_entry_that_was_changed_or_moved(caught: Any) -> None:
    def reason(bundle: Bundle) -> None:
        entries(bundle, "incident.assessed")[0]["entry"]["reason"] = "No reason."

    def seq(bundle: Bundle) -> None:
        bundle["entries"][0]["seq"] += 1

    def twice(bundle: Bundle) -> None:
        bundle["entries"].append(bundle["entries"][0])

    def no_path(bundle: Bundle) -> None:
        bundle["entries"][0]["path"].pop()

    assert "is not what was sealed" in caught(judged, reason)
    for lie, words in ((seq, "FAILED"), (twice, "is there twice"), (no_path, "too short")):
        assert words in caught(judged, lie)


def test_heads_that_are_not_there_or_not_signed(caught: Any) -> None:
    def root(bundle: Bundle) -> None:
        bundle["heads"][0]["root"] = "0" * 64

    def another_list(bundle: Bundle) -> None:
        statement = bundle["heads"][0] | {"list": "events"}
        for name in ("hash", "key_id", "signature"):
            del statement[name]
        signed = {"key_id": signing.key_id(), "signature": signing.sign(statement)}
        statement["hash"] = sha256_hex(canonical_json(statement))
        bundle["heads"][0] = statement | signed

    assert "head over it is not" in caught(small, lambda bundle: bundle["heads"].clear())
    assert "its hash is another's" in caught(small, root)
    assert "is not the audit ledger's" in caught(small, another_list)
    assert "is there twice" in caught(small, lambda b: b["heads"].append(b["heads"][0]))


@pytest.mark.parametrize(
    "action",
    [
        "report.received",
        "evidence.received",
        "link.recorded",
        "report.withdrawn",
        "incident.assessed",
        "incident.published",
        "incident.merged",
    ],
)
def test_a_missing_entry(caught: Any, action: str) -> None:
    said = caught(judged, lambda bundle: without(bundle, action))
    assert f"No sealed entry {action!r} bears out" in said


@pytest.mark.parametrize("name", ["assessments", "publications", "merges"])
def test_a_decision_left_out_or_told_otherwise(caught: Any, name: str) -> None:
    def other_reason(bundle: Bundle) -> None:
        bundle[name][0]["reason"] = "Another."

    assert "tells of something that the bundle leaves out" in caught(
        judged, lambda bundle: bundle[name].pop()
    )
    assert "No sealed entry" in caught(judged, other_reason)


def test_a_snapshot_that_was_not_published(caught: Any) -> None:
    def title(bundle: Bundle) -> None:
        bundle["publications"][0]["snapshot"]["title"] = "Another"

    assert "No sealed entry 'incident.published'" in caught(judged, title)


def test_something_of_a_report_left_out(caught: Any) -> None:
    def of_the_first(name: str) -> Callable[[Bundle], object]:
        return lambda bundle: bundle["reports"][0].update({name: []})

    for name in ("evidence", "links"):
        assert "tells of something that the bundle leaves out" in caught(judged, of_the_first(name))
    assert "tells of something" in caught(empty, of_the_first("withdrawals"))
    assert "does not make the claims" in caught(small, of_the_first("claims"))


def test_a_report_left_out(caught: Any) -> None:
    def report(bundle: Bundle) -> None:
        gone = bundle["reports"].pop()["receipt"]["report_id"]
        bundle["entries"] = [e for e in bundle["entries"] if e["entry"]["object_id"] != gone]

    assert "tells of something" in caught(small, lambda bundle: bundle["reports"].clear())
    assert "it is left out" in caught(judged, report)
    assert "it is left out" in caught(merged_twice, report)


def test_a_report_of_another_incident(caught: Any) -> None:
    other = json.loads(bundle_of(small()))

    def add(bundle: Bundle) -> None:
        bundle["reports"] += copy.deepcopy(other["reports"])
        known = {head["number"] for head in bundle["heads"]}
        bundle["heads"] += [head for head in other["heads"] if head["number"] not in known]
        bundle["entries"] += other["entries"]

    assert "do not place report" in caught(small, add)


def test_an_act_of_which_nothing_else_speaks_leaves_a_version_unexplained(
    db: None, check: Check
) -> None:
    bundle = json.loads(bundle_of(split_off()))
    code, said = check("bundle", signed_again(bundle))
    assert (code, "What made" in said) == (0, False)
    without(bundle, "incident.split")
    code, said = check("bundle", signed_again(bundle))
    assert (code, "not proved  What made 1 of its 3 versions:" in said) == (0, True)


def test_a_grade_a_version_or_a_publication_that_does_not_stand(caught: Any) -> None:
    def standing(**values: Any) -> Callable[[Bundle], object]:
        return lambda bundle: bundle["incident"].update(values)

    assert "The grade is not what" in caught(judged, standing(grade="confirmed"))
    assert "The grade is not what" in caught(small, standing(grade="fair"))
    assert "The version published is not" in caught(judged, standing(published_version=None))
    assert "The version published is not" in caught(small, standing(published_version=1))
    assert "The record is older than" in caught(judged, standing(version=2))


def test_a_correction_that_no_receipt_names(caught: Any) -> None:
    def none(bundle: Bundle) -> None:
        for report in bundle["reports"]:
            report["corrected_by"] = None

    def itself(bundle: Bundle) -> None:
        bundle["reports"][0]["corrected_by"] = bundle["reports"][0]["receipt"]["report_id"]

    for story, lie in ((corrected, none), (small, itself)):
        assert "is not corrected by the report said to do so" in caught(story, lie)


def test_a_report_that_no_court_may_see(caught: Any) -> None:
    said = caught(small, lambda bundle: bundle.update(purpose="court"))
    assert "may not be used in court" in said


def test_a_file_of_another_report(caught: Any) -> None:
    def swap(bundle: Bundle) -> None:
        first, second = bundle["reports"]
        second["evidence"], first["evidence"] = first["evidence"], []

    assert "names another report" in caught(judged, swap)
