"""What two versions, two statuses or many parts tell of one person when they are subtracted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feed.disclosure import public_casualties
from feed.inference import leads_to_few
from tests.feed.making import public_feature, published
from tests.feed.test_casualty_disclosure import CHILDREN, TOTAL, WOMEN, figure

MEN = {"sex": "male", "age_group": "any"}
GIRLS = {"sex": "female", "age_group": "child"}
FEW = frozenset({1, 2})


def broken_down(women, men, **changes):
    return [
        figure(women + men, **changes),
        figure(women, WOMEN, **changes),
        figure(men, MEN, **changes),
    ]


def has_parts(figures, **wanted):
    rows = [f for f in figures if all(f[name] == value for name, value in wanted.items())]
    return any(f["sex"] != "any" or f["age_group"] != "any" for f in rows)


def history(*versions):
    """Return what is shown of each version, given those shown before."""
    told = []
    for version in versions:
        told.append(public_casualties(version, told))
    return told


@pytest.mark.parametrize("later", [(4, 3), (5, 3), (3, 4), (2, 3), (6, 4), (8, 4), (3, 7)])
def test_one_who_is_added_or_taken_away_is_not_told_of(later):
    _first, second = history(broken_down(3, 3), broken_down(*later))
    assert not has_parts(second)
    assert [f["best"] for f in second] == [sum(later)]


def test_a_breakdown_comes_back_when_many_were_added():
    first, second, third = history(broken_down(3, 3), broken_down(4, 3), broken_down(6, 6))
    assert [has_parts(one) for one in (first, second, third)] == [True, False, True]


def test_one_who_was_first_taken_for_a_man_is_not_told_of():
    assert not has_parts(history(broken_down(5, 5), broken_down(6, 4))[1])


def test_an_unchanged_breakdown_stays():
    assert all(map(has_parts, history(*[broken_down(5, 5)] * 3)))


def test_all_earlier_versions_count_not_the_last_alone():
    shown = history(broken_down(3, 3), broken_down(9, 9), broken_down(4, 3))
    assert [has_parts(one) for one in shown] == [True, True, False]


def test_other_parts_of_a_changed_total_are_not_shown():
    later = [figure(9), figure(5, CHILDREN)]
    assert not has_parts(history(broken_down(3, 3), later)[1])


def test_other_parts_of_the_same_total_are_held_against_those_before():
    before = [figure(12), figure(6, WOMEN), figure(6, CHILDREN)]
    assert not has_parts(history(before, [figure(12), figure(4, GIRLS)])[1])


def test_who_is_no_civilian_is_not_told_by_subtracting_statuses():
    casualties = [*broken_down(6, 6, civilian_status="any"), *broken_down(6, 5)]
    shown = public_casualties(casualties)
    assert has_parts(shown, civilian_status="civilian")
    assert not has_parts(shown, civilian_status="any")
    assert {f["best"] for f in shown} >= {11, 12}  # the totals stay


def test_nor_by_subtracting_statuses_of_two_versions():
    _first, second = history(broken_down(6, 6, civilian_status="any"), broken_down(6, 5))
    assert not has_parts(second)


def test_outcomes_are_different_people():
    assert has_parts(
        public_casualties([*broken_down(6, 6), *broken_down(6, 5, outcome="injured")]),
        outcome="injured",
    )


def test_overlapping_parts_do_not_leave_one():
    """10 in all, 6 women, 6 children, 3 girls: 3 boys, and so 1 man."""
    casualties = [figure(10), figure(6, WOMEN), figure(6, CHILDREN), figure(3, GIRLS)]
    assert not has_parts(public_casualties(casualties))


def test_a_full_table_is_shown_where_nobody_is_alone():
    sexes, ages = ("female", "male"), ("child", "adult")
    cells = [figure(4, {"sex": sex, "age_group": age}) for sex in sexes for age in ages]
    assert len(public_casualties([figure(16), *cells])) == 5


def test_too_many_figures_to_judge_are_not_shown():
    bounds = {(sex, "any"): range(10, 90, 3) for sex in "abcdefg"}
    assert leads_to_few(bounds | {("any", "any"): range(900, 1100, 3)}, FEW)


def claims(women, men):
    rows = ((women + men, "any"), (women, "female"), (men, "male"))
    return [
        {
            "source": "h",
            "outcome": "killed",
            "civilian_status": "civilian",
            "sex": sex,
            "minimum": number,
            "best": number,
            "maximum": number,
        }
        for number, sex in rows
    ]


@pytest.mark.django_db
def test_the_feed_remembers_what_it_showed():
    incident = published(claims=claims(4, 4))
    assert has_parts(public_feature(incident)["properties"]["casualties"])
    for one in incident.casualties:
        for bound in ("minimum", "best", "maximum"):
            one[bound] += one["sex"] != "male"
    incident.save()
    published(incident)
    feature = public_feature(incident)["properties"]
    assert [f["best"] for f in feature["casualties"]] == [9]
    assert feature["civilians_killed_best"] == 9


people = st.lists(
    st.tuples(st.sampled_from(["female", "male"]), st.sampled_from(["child", "adult"])),
    min_size=1,
    max_size=25,
)
KINDS = [TOTAL, WOMEN, MEN, CHILDREN, GIRLS, {"sex": "any", "age_group": "adult"}]


def counted(persons, kind):
    wanted = kind["sex"], kind["age_group"]
    return sum(all(w in ("any", p) for w, p in zip(wanted, one, strict=True)) for one in persons)


@settings(max_examples=150, deadline=None)
@given(people, people, st.sets(st.integers(1, 5), max_size=5))
def test_adding_one_or_two_people_never_shows_who_they_are(first, added, parts):
    added = added[:2]
    kinds = [TOTAL, *(KINDS[number] for number in sorted(parts))]
    before, after = (
        [figure(counted(persons, kind), kind) for kind in kinds]
        for persons in (first, [*first, *added])
    )
    shown = history(before, after)
    assert not all(map(has_parts, shown))
    for one in shown:
        assert all(
            f["best"] not in FEW for f in one if (f["sex"], f["age_group"]) != ("any", "any")
        )
