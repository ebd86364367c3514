from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.independence import Cited, SourceGraph
from incidents.rollup import casualties_roll_up


@dataclass(frozen=True)
class Figure:
    id: int
    source_id: str = "h"
    minimum: int | None = None
    best: int | None = None
    maximum: int | None = None
    outcome: str = "killed"
    civilian_status: str = "any"
    sex: str = "any"
    age_group: str = "any"
    party: str = ""


SOURCES = [
    Cited("h", "hospital", "A hospital"),
    Cited("v", "video", description="video"),
    Cited("s", "belligerent", description="anonymous soldier"),
    Cited("agency", "agency", "Agency", relays=("s",)),
    Cited("o1", "article", "One", relays=("agency",)),
    Cited("o2", "article", "Two", relays=("agency",)),
    Cited("o3", "article", "Three", relays=("s",)),
    Cited("ngo", "ngo", "Organisation", relays=("h", "v")),
]
GRAPH = SourceGraph(SOURCES)

numbers = st.none() | st.integers(0, 1000)
figures = st.builds(
    Figure,
    id=st.integers(),
    source_id=st.sampled_from([source.id for source in SOURCES]),
    minimum=numbers,
    best=numbers,
    maximum=numbers,
    civilian_status=st.sampled_from(["any", "civilian"]),
).filter(lambda f: not (f.minimum is f.best is f.maximum is None))
claim_lists = st.lists(figures, min_size=1, unique_by=lambda f: f.id)


def rolled(*claims):
    (figure,) = casualties_roll_up(claims, GRAPH)
    return figure


def bounds(*claims):
    figure = rolled(*claims)
    return figure["minimum"], figure["best"], figure["maximum"]


@given(claim_lists.flatmap(lambda x: st.permutations(x).map(lambda y: (x, y))), st.randoms())
def test_the_order_of_arrival_never_matters(pair, random):
    sources = random.sample(SOURCES, len(SOURCES))
    other = casualties_roll_up(pair[1], SourceGraph(sources))
    assert casualties_roll_up(pair[0], GRAPH) == other


@given(claim_lists)
def test_every_figure_lists_its_claims_and_every_claim_is_listed_once(claims):
    figures = casualties_roll_up(claims, GRAPH)
    listed = [claim for figure in figures for claim in figure["claims"]]
    assert sorted(listed) == sorted(str(claim.id) for claim in claims)
    for figure in figures:
        assert set(figure["relayed"]) < set(figure["claims"])


@given(claim_lists)
def test_minimum_best_and_maximum_are_in_order_and_within_what_was_said(claims):
    said = [n for claim in claims for n in (claim.minimum, claim.best, claim.maximum)]
    for figure in casualties_roll_up(claims, GRAPH):
        given = [figure[name] for name in ("minimum", "best", "maximum")]
        assert set(given) <= {*said, None}
        known = [number for number in given if number is not None]
        assert known == sorted(known)


@given(claim_lists, st.data())
def test_a_relayed_claim_never_raises_independence(claims, data):
    before = {_group(f): f for f in casualties_roll_up(claims, GRAPH)}
    relayed = data.draw(st.sampled_from(claims))
    graph = SourceGraph([*SOURCES, Cited("new", "article", "New", relays=(relayed.source_id,))])
    number = data.draw(st.integers(0, 1000))
    claims = [*claims, replace(relayed, id="new", source_id="new", best=number)]
    for figure in casualties_roll_up(claims, graph):
        assert figure["independent_sources"] <= before[_group(figure)]["independent_sources"]


@given(claim_lists, st.data())
def test_repeating_a_source_that_speaks_changes_no_number(claims, data):
    relayed = data.draw(st.sampled_from(claims))
    graph = SourceGraph([*SOURCES, Cited("new", "article", "New", relays=(relayed.source_id,))])
    added = replace(relayed, id="new", source_id="new", best=data.draw(st.integers(0, 1000)))
    before = casualties_roll_up(claims, GRAPH)
    after = casualties_roll_up([*claims, added], graph)
    for one, two in zip(before, after, strict=True):
        assert [one[n] for n in BOUNDS] == [two[n] for n in BOUNDS]


BOUNDS = ("minimum", "best", "maximum")


def _group(figure):
    return figure["outcome"], figure["civilian_status"]


@pytest.mark.parametrize("part", ["civilian", "belligerent", "unknown"])
def test_a_total_is_never_added_to_its_parts(part):
    claims = [Figure(1, best=9), Figure(2, best=4, civilian_status=part)]
    figures = {f["civilian_status"]: f["best"] for f in casualties_roll_up(claims, GRAPH)}
    assert figures == {"any": 9, part: 4}


def test_one_open_end_leaves_the_figure_open():
    claims = [Figure(1, "v", minimum=50_000), Figure(2, best=20_000)]
    assert bounds(*claims) == (20_000, 20_000, None)


def test_the_first_to_say_it_speaks_and_who_repeats_it_is_listed():
    figure = rolled(
        Figure(1, "o1", best=60), Figure(2, "agency", best=40), Figure(3, "o2", best=60)
    )
    assert [figure[name] for name in BOUNDS] == [40, 40, 40]
    assert (figure["claims"], figure["relayed"]) == (["1", "2", "3"], ["1", "3"])
    assert figure["independent_sources"] == 1


def test_where_nobody_nearer_the_root_gives_a_number_the_repeats_are_one_voice():
    claims = [Figure(1, "o1", best=60), Figure(2, "o2", best=40), Figure(3, "o3", best=50)]
    assert bounds(*claims) == (40, 50, 60)
    assert bounds(*claims, Figure(4, "h", best=10)) == (10, 10, 60)


def test_a_compilation_of_what_is_heard_already_adds_nothing():
    claims = [Figure(1, "h", best=5), Figure(2, "v", best=3), Figure(3, "ngo", best=8)]
    assert bounds(*claims) == (3, 3, 5)
    assert rolled(*claims)["relayed"] == ["3"]
    assert rolled(*claims)["independent_sources"] == 2


def test_a_compilation_with_something_new_speaks():
    figure = rolled(Figure(1, "h", best=5), Figure(3, "ngo", best=8))
    assert [figure[name] for name in BOUNDS] == [5, 5, 8]
    assert figure["relayed"] == []


def test_a_source_that_says_two_things_is_one_voice():
    assert bounds(Figure(1, best=5), Figure(2, best=9), Figure(3, "v", best=8)) == (5, 5, 9)


def test_an_odd_claim_is_kept_and_flagged():
    figure = rolled(Figure(1, minimum=4, best=12, maximum=10))
    assert [figure[name] for name in BOUNDS] == [4, 12, 12]
    assert figure["flags"] == ["figures_disagree"]
    assert rolled(Figure(1, minimum=4, best=5))["flags"] == []
