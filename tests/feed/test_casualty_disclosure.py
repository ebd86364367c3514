"""Which casualty figures the public may see."""

import pytest

from feed.disclosure import headline_figures, partner_casualties, public_casualties, significant

TOTAL = {"sex": "any", "age_group": "any"}
WOMEN = {"sex": "female", "age_group": "any"}
CHILDREN = {"sex": "any", "age_group": "child"}


def figure(best, kind=TOTAL, minimum=None, maximum=None, **changes):
    return {
        "outcome": "killed",
        "civilian_status": "civilian",
        "party": "",
        "minimum": best if minimum is None else minimum,
        "best": best,
        "maximum": best if maximum is None else maximum,
        "claims": ["a claim"],
        **kind,
        **changes,
    }


def shown(*figures):
    return [(f["sex"], f["age_group"], f["best"]) for f in public_casualties(figures)]


def test_a_breakdown_of_a_large_total_is_shown():
    assert shown(figure(20), figure(8, WOMEN), figure(0, CHILDREN)) == [
        ("any", "any", 20),
        ("female", "any", 8),
        ("any", "child", 0),
    ]


@pytest.mark.parametrize("total", [1, 3, 4])
def test_below_five_the_total_stands_alone(total):
    assert shown(figure(total), figure(0, WOMEN)) == [("any", "any", total)]


@pytest.mark.parametrize("part", [1, 2])
def test_one_small_part_hides_all_parts(part):
    assert shown(figure(20), figure(8, WOMEN), figure(part, CHILDREN)) == [("any", "any", 20)]


@pytest.mark.parametrize("rest", [1, 2])
def test_what_is_left_of_the_total_counts_as_a_part(rest):
    assert shown(figure(20), figure(20 - rest, WOMEN)) == [("any", "any", 20)]


def test_several_parts_together_leave_no_one_either():
    adults = {"sex": "any", "age_group": "adult"}
    assert shown(figure(10), figure(4, CHILDREN), figure(5, adults)) == [("any", "any", 10)]


def test_a_part_of_a_part_leaves_no_one_either():
    girls = {"sex": "female", "age_group": "child"}
    assert shown(figure(30), figure(10, WOMEN), figure(9, girls)) == [("any", "any", 30)]


def test_any_bound_may_reveal():
    assert shown(figure(20), figure(8, WOMEN, minimum=2)) == [("any", "any", 20)]
    assert shown(figure(6, minimum=4), figure(3, WOMEN)) == [("any", "any", 6)]


def test_parts_without_their_total_are_not_shown():
    assert shown(figure(9, WOMEN)) == []
    assert shown(figure(20, civilian_status="any"), figure(9, WOMEN)) == [("any", "any", 20)]


def test_open_ends_are_understood():
    open_ended = figure(None, minimum=50, maximum=None) | {"best": None, "maximum": None}
    assert shown(open_ended, figure(9, WOMEN)) == [("any", "any", None), ("female", "any", 9)]


def test_claims_and_parties_stay_inside():
    (public,) = public_casualties([figure(9), figure(7, party="A Brigade")])
    assert "claims" not in public
    assert "party" not in public
    assert {"A Brigade", ""} == {
        f["party"] for f in partner_casualties([figure(9), figure(7, party="A Brigade")])
    }
    assert all("claims" not in f for f in partner_casualties([figure(9)]))


def test_headlines_are_totals_only():
    figures = [
        figure(9, minimum=5, maximum=12),
        figure(7, WOMEN),
        figure(11, civilian_status="any"),
        figure(30, outcome="injured", civilian_status="any", party="A Brigade"),
    ]
    headlines = headline_figures(figures)
    assert headlines["civilians_killed_min"] == 5
    assert headlines["civilians_killed_best"] == 9
    assert headlines["civilians_killed_max"] == 12
    assert headlines["killed_best"] == 11
    assert headlines["injured_best"] is None


@pytest.mark.parametrize(
    ("exact", "rounded"), [(146_490.9, 150_000), (17.4, 17), (0.0347, 0.035), (0, 0), (None, None)]
)
def test_two_significant_digits(exact, rounded):
    assert significant(exact) == rounded
