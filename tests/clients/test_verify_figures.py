"""The client's own reading of the published rules gives what ours gives, whatever is claimed."""

from dataclasses import asdict, dataclass
from types import ModuleType
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.canonical import canonical_json
from incidents.independence import Cited, SourceGraph
from incidents.rollup import casualties_roll_up

thorough = settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
names = st.sampled_from(["", "", "A", "a ", "Ａ", "B", "Straße", "STRASSE", "Cafe\u0301", "Café"])
numbers = st.none() | st.integers(0, 30)


@dataclass(frozen=True)
class Claim:
    """A claim as our rule takes it."""

    id: str
    source_id: str
    outcome: str
    civilian_status: str
    sex: str
    age_group: str
    party: str
    minimum: int | None
    best: int | None
    maximum: int | None


@st.composite
def networks(draw: st.DrawFn) -> list[Cited]:
    """Return sources, alike or not, that relay each other anyhow."""
    ids = [f"s{number}" for number in range(draw(st.integers(1, 9)))]
    relays = st.lists(st.sampled_from(ids), max_size=3).map(tuple)
    return [
        Cited(
            id_,
            draw(st.sampled_from(["article", "witness"])),
            draw(names),
            draw(st.sampled_from(["", "x", "X "])),
            draw(relays),
        )
        for id_ in ids
    ]


@st.composite
def records(draw: st.DrawFn) -> tuple[list[Cited], list[Claim]]:
    """Return sources and what they claim."""
    sources = draw(networks())
    claims = draw(
        st.lists(
            st.builds(
                Claim,
                id=st.uuids().map(str),
                source_id=st.sampled_from([source.id for source in sources]),
                outcome=st.sampled_from(["killed", "injured"]),
                civilian_status=st.sampled_from(["any", "civilian"]),
                sex=st.just("any"),
                age_group=st.just("any"),
                party=st.sampled_from(["", "قوات"]),
                minimum=numbers,
                best=numbers,
                maximum=numbers,
            ).filter(lambda claim: not (claim.minimum is claim.best is claim.maximum is None)),
            unique_by=lambda claim: claim.id,
        )
    )
    return sources, claims


def as_the_client_takes(sources: list[Cited], claims: list[Claim]) -> tuple[list[Any], list[Any]]:
    return (
        [asdict(source) for source in sources],
        [asdict(claim) | {"source": claim.source_id} for claim in claims],
    )


@given(records())
@thorough
def test_figures_and_independent_sources_are_ours(
    program: ModuleType, record: tuple[list[Cited], list[Claim]]
) -> None:
    graph = SourceGraph(record[0])
    sources, claims = as_the_client_takes(*record)
    relays = program.Relays(sources)
    assert relays.independent_sources == graph.independent_sources
    ours = casualties_roll_up(record[1], graph)
    assert program.canonical(program.roll_up(claims, relays)) == canonical_json(ours)


def test_no_source_and_no_claim_make_no_figure(program: ModuleType) -> None:
    relays = program.Relays([])
    assert relays.independent_sources == 0
    assert program.roll_up([], relays) == []


def test_a_named_source_is_none_of_the_unnamed_that_are_described_alike(
    program: ModuleType,
) -> None:
    sources = [Cited("1", "witness", "Baker"), Cited("2", "witness", description="baker")]
    relays = program.Relays(as_the_client_takes(sources, [])[0])
    assert relays.independent_sources == SourceGraph(sources).independent_sources == 2
