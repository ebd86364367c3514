"""Counts independent sources, and the figures by them, for what is recorded already.

Not atomic: each batch is committed by itself and locks nothing but its rows; it can be run again.
"""

from django.db import migrations

from incidents.independence import Cited, SourceGraph
from incidents.rollup import casualties_roll_up

BATCH = 1000


def count_sources(apps, schema_editor):
    alias = schema_editor.connection.alias
    Incident = apps.get_model("incidents", "Incident")
    Source = apps.get_model("incidents", "Source")
    incidents = Incident.objects.using(alias).order_by("id")
    last = None
    while batch := list((incidents.filter(id__gt=last) if last else incidents)[:BATCH]):
        last = batch[-1].id
        sources = Source.objects.using(alias).filter(report__incident__in=batch)
        of_incident = {incident.id: [] for incident in batch}
        for source in sources.select_related("report").prefetch_related("relays", "claims"):
            of_incident[source.report.incident_id].append(source)
        for incident in batch:
            count_one(incident, of_incident[incident.id])
        Incident.objects.using(alias).bulk_update(batch, ["independent_sources", "casualties"])


def count_one(incident, sources):
    graph = _graph(sources)
    incident.independent_sources = graph.independent_sources
    claims = [claim for source in sources for claim in source.claims.all()]
    incident.casualties = casualties_roll_up(claims, graph)


def _graph(sources):
    return SourceGraph(
        Cited(one.id, one.kind, one.name, one.description, tuple(r.id for r in one.relays.all()))
        for one in sources
    )


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("incidents", "0002_judgement"),
    ]

    operations = [
        migrations.RunPython(count_sources, migrations.RunPython.noop),
    ]
