"""Counting an incident's figures anew when its reports changed."""

from incidents.models import Claim, Incident
from incidents.rollup import casualties_roll_up
from incidents.selectors.sources import graph_of, sources_of


def figures_recount(incident: Incident) -> None:
    """Set casualty figures and independent sources from the reports as they are; saves nothing."""
    graph = graph_of(sources_of(incident.id))
    claims = Claim.objects.filter(report__in=incident.reports.current())
    incident.casualties = casualties_roll_up(claims, graph)
    incident.independent_sources = graph.independent_sources
