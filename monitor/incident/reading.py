"""What the page of one incident shows, read by the selectors in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import Action, may
from core.errors import NotFound
from core.texts import isolated
from incidents import vocab
from incidents.models import Claim, Evidence, Incident, Report, Source
from incidents.selectors.casework import comments_of, responses_of
from incidents.selectors.incidents import incident_visible_to, report_visible_to
from incidents.selectors.merging import family_of
from incidents.selectors.sources import graph_of
from incidents.services.looking import looking_note
from monitor.incident.source_drawing import sources_draw
from monitor.sketch import Spot, sketch
from scoring.api.serializers import layer_exposure
from scoring.selectors import exposure_of

# What is shown around the small map's place, to tell which country it is in. Metres.
_AROUND_M = 250_000.0
# Older ones wait folded, so that the form below stays near.
_COMMENTS_SHOWN = 5


def incident_shown(actor: Actor, incident_id: UUID) -> Incident:
    """Return an incident that the actor may read, with who works on it; ``NotFound``."""
    rows = incident_visible_to(actor).select_related("assignment__user")
    incident = rows.filter(id=incident_id).first()
    if incident is None:
        raise NotFound()
    return incident


def whole_of(actor: Actor, incident: Incident) -> dict[str, Any]:
    """Return everything of the page but its forms. Notes that the actor looks at it."""
    reports = _reports(actor, incident)
    counting = [report for report in reports if report.counts]
    sources = [source for report in counting for source in report.sources.all()]
    family = family_of(incident.id)
    comments = list(comments_of(incident, family).order_by("written_at", "id"))
    replaced = {comment.replaces_id for comment in comments}
    standing = [comment for comment in comments if comment.id not in replaced]
    assessments = incident.assessments.select_related("assessed_by").order_by("-assessed_at")
    return {
        "incident": incident,
        "place": place_of(incident),
        "is_one_day": incident.time_start.date() == incident.time_end.date(),
        "reports": reports,
        **_sources(sources),
        "figures": _figures(incident, counting),
        "files": [_file(row) for report in reports for row in report.evidence.all()],
        "links_given": [link for report in reports for link in report.links.all()],
        "awaited": _awaited(reports),
        "assessments": list(assessments),
        "comments_before": standing[:-_COMMENTS_SHOWN],
        "comments": standing[-_COMMENTS_SHOWN:],
        "responses": responses_of(incident, family),
        "looking": looking_note(actor=actor, incident_id=incident.id),
        **_exposure(incident),
    }


def place_of(incident: Incident | Report) -> dict[str, Any]:
    """Return where it was, for people."""
    point = incident.location
    return {
        "coordinates": coordinates_text(point.y, point.x) if point else "",
        "uncertainty_m": incident.uncertainty_m,
        "precision": incident.get_location_precision_display(),
        "name": incident.place_name,
        "country": incident.country,
        "pcode": incident.pcode,
    }


def coordinates_text(latitude: float, longitude: float) -> str:
    """Return degrees WGS 84 as monitors compare them."""
    return isolated(f"{latitude:.5f}, {longitude:.5f}")


def _reports(actor: Actor, incident: Incident) -> list[Any]:
    """Return all reports, each told whether it counts and whether its sealed words may be asked."""
    rows = report_visible_to(actor).filter(incident=incident).order_by("received_at", "id")
    files = Evidence.objects.select_related("working_copy").order_by("name")
    rows = rows.select_related("organisation", "withdrawal", "corrected_by").prefetch_related(
        Prefetch("sources", Source.objects.order_by("id").prefetch_related("relays")),
        "claims",
        Prefetch("evidence", files),
        "links",
    )
    reads_all = may(actor, Action.SEALED_READ_ALL)
    reads_own = may(actor, Action.SEALED_READ_OWN)
    reports: list[Any] = list(rows)
    for report in reports:
        report.is_withdrawn = getattr(report, "withdrawal", None) is not None
        report.is_corrected = getattr(report, "corrected_by", None) is not None
        report.counts = not (report.is_withdrawn or report.is_corrected)
        own = reads_own and report.organisation_id == actor.organisation_id
        has_sealed = report.reporter_sealed is not None or any(
            source.identity_sealed is not None for source in report.sources.all()
        )
        report.may_ask_sealed = has_sealed and (reads_all or own)
        report.has_sealed = has_sealed
    return reports


def _sources(sources: Sequence[Source]) -> dict[str, Any]:
    """Return the graph, drawn and as the rows of a table."""
    by_id = {str(source.id): source for source in sources}
    nodes = [
        node
        | {
            "label": node["name"] or node["description"] or _("unnamed"),
            "kind_label": str(vocab.SourceKind(node["kind"]).label),
            "urls": sorted({by_id[id_].url for id_ in node["sources"] if by_id[id_].url}),
        }
        for node in graph_of(sources).nodes
    ]
    for node in nodes:
        node["relays_labels"] = [nodes[other]["label"] for other in node["relays"]]
    return {"nodes": nodes, "drawing": sources_draw(nodes)}


def _figures(incident: Incident, reports: Sequence[Report]) -> list[dict[str, Any]]:
    """Return the roll-up, each figure with the claims it comes from."""
    claims = {str(claim.id): claim for report in reports for claim in report.claims.all()}
    names = {
        source.id: source.name or source.description or source.get_kind_display()
        for report in reports
        for source in report.sources.all()
    }
    return [
        figure
        | {
            "label": figure_label(figure),
            "numbers": numbers_text(figure),
            "rows": [
                _claim(claims[id_], names, id_ in figure["relayed"])
                for id_ in figure["claims"]
                if id_ in claims
            ],
        }
        for figure in figures_in_order(incident)
    ]


def figures_in_order(incident: Incident) -> list[dict[str, Any]]:
    """Return the roll-up, the killed first."""
    order = vocab.Outcome.values
    return sorted(incident.casualties, key=lambda figure: order.index(figure["outcome"]))


def _claim(claim: Claim, names: Mapping[UUID, str], is_relayed: bool) -> dict[str, Any]:
    numbers = {name: getattr(claim, name) for name in ("minimum", "best", "maximum")}
    return {
        "source": names[claim.source_id],
        "numbers": numbers_text(numbers),
        "is_relayed": is_relayed,
        "report": claim.report_id,
    }


def figure_label(figure: Mapping[str, Any]) -> str:
    """Return whom a figure counts, in words."""
    words = [str(vocab.Outcome(figure["outcome"]).label)]
    told = (
        (vocab.CivilianStatus, figure["civilian_status"]),
        (vocab.Sex, figure.get("sex", "any")),
        (vocab.AgeGroup, figure.get("age_group", "any")),
    )
    words += [str(vocabulary(value).label) for vocabulary, value in told if value != "any"]
    if figure.get("party"):
        words.append(figure["party"])
    return _(", ").join(words)


def figures_text(figures: Sequence[Mapping[str, Any]]) -> str:
    """Return a roll-up in one line."""
    return _("; ").join(f"{figure_label(one)}: {numbers_text(one)}" for one in figures)


def numbers_text(figure: Mapping[str, Any]) -> str:
    """Return a figure as people write it: ``5 (4–7)``, ``4–7``, ``at least 4``."""
    least, best, most = (figure.get(name) for name in ("minimum", "best", "maximum"))
    if least is not None and most is not None:
        span = f"{least:,}" if least == most else f"{least:,}–{most:,}"
    elif least is not None:
        span = _("at least %s") % f"{least:,}"
    elif most is not None:
        span = _("at most %s") % f"{most:,}"
    else:
        span = ""
    if best is None:
        return isolated(span)
    return f"{best:,}" if span in ("", f"{best:,}") else isolated(f"{best:,} ({span})")


def _file(row: Evidence) -> dict[str, Any]:
    copy = getattr(row, "working_copy", None)
    return {
        "row": row,
        "copy": copy if copy and not copy.no_copy else None,
        "no_copy": copy.get_no_copy_display() if copy and copy.no_copy else "",
    }


def _awaited(reports: Sequence[Report]) -> list[str]:
    return [
        name
        for report in reports
        for name in report.attachments
        if name not in {row.name for row in report.evidence.all()}
    ]


def _exposure(incident: Incident) -> dict[str, Any]:
    if incident.kind != vocab.IncidentKind.STRIKE:
        return {"exposure": None, "map": _map(incident, ()), "around": _around(incident)}
    stored = exposure_of(incident.id)
    exposure = layer_exposure(stored) if stored else None
    radii = [figure["radius_m"] for figure in exposure["figures"]] if exposure else []
    return {"exposure": exposure, "map": _map(incident, radii), "around": _around(incident)}


def spot_of(incident: Incident, label: str = "") -> list[Spot]:
    """Return the incident's place for a map; nothing without a point."""
    point = incident.location
    return [Spot(point.x, point.y, incident.uncertainty_m, label)] if point else []


def _map(incident: Incident, radii: Sequence[float]) -> Any:
    return sketch(spot_of(incident), rings_m=radii)


def _around(incident: Incident) -> Any:
    return sketch(spot_of(incident), reach_m=_AROUND_M)
