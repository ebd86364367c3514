"""The examples of the API guide: each runs as it stands, against the server that shows it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Example:
    """What one wants to know, and the command that tells it."""

    title: Any
    command: str


_EXAMPLES = (
    (_("What there is"), "curl -fsS '{root}/ogc/collections'"),
    (
        _("The newest incidents in a box, of one year"),
        "curl -fsS '{root}/ogc/collections/incidents/items"
        "?bbox=35,30,49,38&datetime=2014-01-01/2014-12-31&limit=10'",
    ),
    (
        _("Those that a condition fits (CQL2)"),
        "curl -fsS -G '{root}/ogc/collections/incidents/items' \\\n"
        "  --data-urlencode \"filter=weapon = 'barrel_bomb' AND civilians_killed_best >= 5\"",
    ),
    (_("What a condition may name"), "curl -fsS '{root}/ogc/collections/incidents/queryables'"),
    (
        _("All incidents as a spreadsheet"),
        "curl -fsS -o incidents.csv '{root}/api/v1/exports/incidents.csv'",
    ),
    (
        _("The same with HXL tags"),
        "curl -fsS -o incidents.hxl.csv '{root}/api/v1/exports/incidents.hxl.csv'",
    ),
    (
        _("The same as GeoParquet"),
        "curl -fsS -o incidents.parquet '{root}/api/v1/exports/incidents.parquet'",
    ),
    (
        _("Risk by cell"),
        "curl -fsS '{root}/ogc/collections/risk-cells/items?limit=5'",
    ),
    (
        _("Everything that ever changed, a line each"),
        "curl -fsS '{root}/api/v1/changes?f=ndjson'",
    ),
    (_("The digest that witnesses the log"), "curl -fsS '{root}/api/v1/changes/digest'"),
    (_("Frozen releases"), "curl -fsS '{root}/api/v1/releases/'"),
    (_("Vector tiles, described"), "curl -fsS '{root}/tiles/incidents/tile.json'"),
    (
        _("A program that keeps an exact copy"),
        "curl -fsS -O '{root}/clients/harmwatch_mirror.py'",
    ),
)


def examples(root: str) -> list[Example]:
    """Return the examples with the address of this server, without a slash at its end."""
    return [Example(title, command.format(root=root)) for title, command in _EXAMPLES]
