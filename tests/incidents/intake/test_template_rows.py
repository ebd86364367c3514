"""Rows of our own template: what becomes of their cells, and what is refused in which words."""

import pytest

from core.canonical import canonical_json, sha256_hex
from core.errors import InvalidInput
from incidents.intake.presets import PRESETS
from incidents.intake.presets.harmwatch_columns import COLUMNS
from incidents.vocab import IncidentKind, Weapon
from tests.incidents.intake.conftest import read_all

EXAMPLE = {column.name: column.example for column in COLUMNS}


def only(csv_of, **changes):
    (submission,), bad = read_all(csv_of(EXAMPLE | changes), "harmwatch")
    assert bad == {}
    return submission


def test_figures_are_claims_of_the_first_source(csv_of):
    draft = only(csv_of, killed_min="1,200", killed_best="", displaced_min="٥٠٠٠٠").draft
    assert [
        (c.source, c.outcome, c.civilian_status, c.minimum, c.best, c.maximum) for c in draft.claims
    ] == [
        ("s1", "killed", "any", 1200, None, None),
        ("s1", "displaced", "any", 50_000, None, None),
        ("s1", "killed", "civilian", 3, None, 5),
    ]


def test_sources_relay_one_another(csv_of):
    draft = only(csv_of, source_3_kind="Social media", source_3_relays="1; 2").draft
    assert [(s.ref, s.kind, s.relays) for s in draft.sources] == [
        ("s1", "hospital", []),
        ("s2", "article", ["s1"]),
        ("s3", "social_media", ["s1", "s2"]),
    ]


def test_codes_are_understood_as_people_write_them(csv_of):
    draft = only(csv_of, weapon="Barrel Bomb", licence="cc by 4.0", may_republish="YES").draft
    assert (draft.weapon, draft.licence, draft.may_republish) == ("barrel_bomb", "CC-BY-4.0", True)


def test_a_context_event_has_no_weapon(csv_of):
    draft = only(csv_of, kind="ceasefire", weapon="").draft
    assert (draft.kind, draft.weapon) == (IncidentKind.CEASEFIRE, None)


def test_consent_and_republication_are_the_senders(csv_of):
    draft = only(csv_of, may_republish="", consent_publish="no", consent_share="لا").draft
    assert not draft.may_republish
    assert (draft.consent.store, draft.consent.publish, draft.consent.share) == (True, False, False)


def test_the_same_row_has_the_same_key_and_hash_and_other_columns_do_not_matter(csv_of):
    one, other = only(csv_of), only(csv_of, our_own_note="checked")
    assert (one.idempotency_key, one.body_sha256) == (other.idempotency_key, other.body_sha256)
    assert only(csv_of, killed_best="9").body_sha256 != one.body_sha256


def test_a_row_without_an_id_is_known_by_its_content(csv_of):
    one, other = only(csv_of, id=""), only(csv_of, id="", killed_best="9")
    assert one.idempotency_key == f"harmwatch:sha256:{one.body_sha256}"
    assert one.idempotency_key != other.idempotency_key


def test_the_hash_is_that_of_the_canonical_row(csv_of):
    text = 'قصف\t"x" \\ / \x7f \u2028 😀'
    submission = only(csv_of, description=text)
    given = {name: value for name, value in EXAMPLE.items() if value} | {"description": text}
    assert submission.body_sha256 == sha256_hex(canonical_json(given))


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"date_start": "08/11/2024"}, "date_start", "date"),
        ({"date_start": ""}, "date_start", "required"),
        ({"date_start": "2099-01-01"}, "date_start", "future"),
        ({"date_start": "1850-01-01"}, "date_start", "too_early"),
        ({"date_end": "2014-06-01"}, "date_end", "order"),
        ({"latitude": "43.6782", "longitude": "34.6071"}, "latitude", "swapped"),
        ({"latitude": "143.6"}, "latitude", "swapped"),
        ({"latitude": "143.6", "longitude": "100"}, "latitude", "range"),
        ({"longitude": "190"}, "longitude", "range"),
        ({"latitude": "34 north"}, "latitude", "degrees"),
        ({"longitude": ""}, "longitude", "required"),
        ({"latitude": "", "longitude": "", "place_name": ""}, "place_name", "required"),
        ({"country": "Iraq"}, "country", "invalid"),
        ({"weapon": "bomb"}, "weapon", "choice"),
        ({"weapon": ""}, "weapon", "required"),
        ({"kind": "capture"}, "weapon", "not_a_strike"),
        ({"targets": "market; moon"}, "targets", "choice"),
        ({"killed_best": "about 8"}, "killed_best", "number"),
        ({"killed_best": "-8"}, "killed_best", "number"),
        ({"killed_best": "1.5"}, "killed_best", "number"),
        ({"killed_best": "200000000"}, "killed_best", "number"),
        ({"killed_min": "9"}, "killed_min", "order"),
        ({"uncertainty_m": "3 km"}, "uncertainty_m", "number"),
        ({"uncertainty_m": "3000000"}, "uncertainty_m", "invalid"),
        ({"source_1_kind": ""}, "source_1_kind", "required"),
        ({"source_2_kind": ""}, "source_2_kind", "required"),
        ({"source_2_url": "ftp://x"}, "source_2_url", "invalid"),
        ({"source_2_relays": "7"}, "source_2_relays", "ref"),
        ({"title": "x" * 301}, "title", "too_long"),
        ({"pcode": "IQ 12"}, "pcode", "invalid"),
        ({"language": "English"}, "language", "invalid"),
        ({"licence": "mine"}, "licence", "choice"),
        ({"licence": "all-rights-reserved"}, "may_republish", "licence"),
        ({"consent_store": "no"}, "consent_store", "no_consent"),
        ({"consent_publish": "perhaps"}, "consent_publish", "choice"),
        ({"id": "x" * 151}, "id", "id"),
    ],
    ids=str,
)
def test_a_bad_cell_is_refused_by_its_column(csv_of, changes, field, code):
    assert read_all(csv_of(EXAMPLE | changes), "harmwatch") == ([], {1: [(field, code)]})


def test_all_that_is_wrong_is_said_at_once_under_the_senders_own_headers(csv_of):
    table = csv_of(
        {"Tag" if name == "date_start" else name: text for name, text in EXAMPLE.items()}
        | {"Tag": "soon", "weapon": "bomb", "killed_best": "many", "country": "XX1"}
    )
    _, bad = read_all(table, "harmwatch", date_start="Tag")
    assert {field for field, _ in bad[1]} == {"Tag", "weapon", "killed_best", "country"}


def test_the_order_of_day_and_month_can_be_said_once_for_a_file(csv_of):
    table = csv_of(EXAMPLE | {"date_start": "08/11/2024"})
    (submission,), _ = read_all(table, "harmwatch", date_order="dmy")
    assert submission.draft.occurred.start == "2024-11-08"


def test_a_row_that_could_not_be_read_is_refused_as_it_was(table_of):
    table = table_of("id,title\n1,=1+1\n")
    (row,) = table.rows()
    with pytest.raises(InvalidInput) as refused:
        PRESETS["harmwatch"].submission_of_row(row, {})
    assert refused.value.errors == [row.error]


def test_every_weapon_is_understood(csv_of):
    rows = [EXAMPLE | {"weapon": code, "id": code} for code in Weapon.values]
    good, bad = read_all(csv_of(*rows), "harmwatch")
    assert [submission.draft.weapon for submission in good] == Weapon.values
    assert bad == {}
