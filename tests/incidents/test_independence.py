"""Who relays whom, and how many sources are left when all the repeating is taken away."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.independence import Cited, SourceGraph, plain

SOLDIER = Cited("soldier", "belligerent", description="anonymous soldier")
AGENCY = Cited("agency", "agency", "An Agency", relays=("soldier",))
OUTLETS = [Cited(f"o{n}", "article", f"Outlet {n}", relays=("agency",)) for n in range(10)]
HOSPITAL = Cited("h", "hospital", "A hospital")
VIDEO = Cited("v", "video", description="video of the crater")


def count(*sources):
    return SourceGraph(sources).independent_sources


def test_ten_outlets_relaying_an_agency_relaying_a_soldier_are_one():
    assert count(SOLDIER, AGENCY, *OUTLETS) == 1


def test_a_hospital_and_a_video_make_three():
    assert count(SOLDIER, AGENCY, *OUTLETS, HOSPITAL, VIDEO) == 3


def test_no_source_is_none():
    assert count() == 0


@pytest.mark.parametrize(
    "name", ["AN AGENCY", "  An  Agency ", "An Agency", "Ａｎ Agency"], ids=repr
)
def test_a_name_written_otherwise_is_the_same_source(name):
    assert count(AGENCY, SOLDIER, Cited("other", "agency", name)) == 1


def test_composed_and_decomposed_letters_are_the_same():
    assert plain("Café") == plain("Cafe\u0301")


def test_the_same_name_of_another_kind_is_another_source():
    assert count(Cited(1, "agency", "SANA"), Cited(2, "official", "SANA")) == 2


def test_unnamed_roots_that_describe_themselves_alike_are_one():
    assert (
        count(Cited(1, "witness", description="Resident"), Cited(2, "witness", "", "resident "))
        == 1
    )


def test_unnamed_roots_of_other_kind_or_description_are_others():
    witness = Cited(1, "witness", description="resident")
    assert count(witness, Cited(2, "witness", description="baker")) == 2
    assert count(witness, Cited(2, "victim", description="resident")) == 2


def test_an_unnamed_relay_does_not_take_an_unnamed_root_along():
    posts = [Cited(1, "social_media", relays=("h",)), HOSPITAL, Cited(2, "social_media")]
    assert count(*posts) == 2


def test_sources_that_cite_each_other_and_nobody_else_are_one():
    ring = [Cited(n, "article", f"Paper {n}", relays=((n + 1) % 3,)) for n in range(3)]
    assert count(*ring) == 1
    assert count(*ring[:2], replace(ring[2], relays=(0, "h")), HOSPITAL) == 1


def test_a_source_that_relays_itself_is_a_root():
    assert count(Cited(1, "article", "Paper", relays=(1,))) == 1


def test_a_chain_of_a_thousand_goes_back_to_its_end():
    chain = [Cited(n, "article", f"P{n}", relays=(n + 1,)) for n in range(1000)]
    assert count(*chain, Cited(1000, "witness")) == 1


def test_the_graph_names_nodes_relays_and_roots():
    again = Cited("agency2", "agency", "an agency", relays=("h",))
    nodes = {node["name"]: node for node in SourceGraph([SOLDIER, AGENCY, again, HOSPITAL]).nodes}
    agency, hospital, soldier = nodes["An Agency"], nodes["A hospital"], nodes[""]
    assert agency["sources"] == ["agency", "agency2"]
    assert agency["relays"] == sorted([soldier["node"], hospital["node"]])
    assert agency["roots"] == sorted([*soldier["roots"], *hospital["roots"]])
    assert (agency["is_root"], hospital["is_root"]) == (False, True)


def test_only_repeats_is_false_both_ways_within_a_cycle():
    graph = SourceGraph([replace(SOLDIER, relays=("agency",)), AGENCY, *OUTLETS])
    assert graph.only_repeats("o1", "soldier")
    assert not graph.only_repeats("soldier", "o1")
    assert not graph.only_repeats("agency", "soldier")


def _relays(pairs, id_, size):
    return tuple(sorted({to for one, to in pairs if one == id_ and to < size}))


@st.composite
def networks(draw):
    """Some sources, alike or not, that relay each other anyhow."""
    size = draw(st.integers(1, 7))
    number = st.integers(0, size - 1)
    pairs = draw(st.lists(st.tuples(number, number), max_size=12))
    return [
        Cited(
            id_,
            draw(st.sampled_from(["article", "witness"])),
            draw(st.sampled_from(["", "", "A", "a ", "B", "C"])),
            draw(st.sampled_from(["", "x"])),
            _relays(pairs, id_, size),
        )
        for id_ in range(size)
    ]


@given(networks().flatmap(lambda x: st.permutations(x).map(lambda y: (x, y))))
def test_the_order_of_arrival_never_matters(pair):
    one, other = (SourceGraph(sources) for sources in pair)
    assert one.nodes == other.nodes
    assert one.independent_sources == other.independent_sources


@given(networks(), st.data())
def test_a_source_that_relays_an_existing_one_never_raises_independence(sources, data):
    relayed = data.draw(st.sampled_from([source.id for source in sources]))
    name = data.draw(st.sampled_from(["", "A", "B", "C", "New"]))
    added = Cited("new", data.draw(st.sampled_from(["article", "witness"])), name, "", (relayed,))
    assert 1 <= count(*sources, added) <= count(*sources)


@given(networks())
def test_every_source_goes_back_to_a_root_and_a_root_to_itself(sources):
    graph = SourceGraph(sources)
    for source in sources:
        assert graph.roots_of(source.id)
    for node in graph.nodes:
        assert not node["is_root"] or len(node["roots"]) == 1
    assert {root for node in graph.nodes for root in node["roots"]} == set(
        range(graph.independent_sources)
    )
