"""The sources behind an incident, over all its reports, as a graph of who relays whom."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from core.copying import Row
from incidents.independence import Cited, SourceGraph
from incidents.models import Report, Source


def sources_of(incident_id: UUID) -> list[Source]:
    """Return the sources of an incident's reports that count, with whom they relay."""
    reports = Report.objects.current().filter(incident_id=incident_id)
    sources = Source.objects.filter(report__in=reports).order_by("id")
    return list(sources.prefetch_related("relays"))


def cited(source: Source | Row, relays: Iterable[UUID]) -> Cited:
    """Return a source, stored or about to be, as the graph takes it."""
    return Cited(source.id, source.kind, source.name, source.description, tuple(relays))


def graph_of(sources: Iterable[Source]) -> SourceGraph:
    """Return the graph of stored sources."""
    return SourceGraph(cited(one, (relayed.id for relayed in one.relays.all())) for one in sources)


def source_nodes_of(incident_id: UUID) -> list[dict[str, Any]]:
    """Return the graph as JSON, each source named by its report and its ref there."""
    sources = sources_of(incident_id)
    named = {str(one.id): {"report": str(one.report_id), "ref": one.ref} for one in sources}
    nodes = graph_of(sources).nodes
    return [node | {"sources": [named[id_] for id_ in node["sources"]]} for node in nodes]
