"""The form of a report, filled in."""

import re
from typing import Any

KEY = "5f0c0b1e-3f5a-4a62-9d0e-1f6d2b7c8a90"
FILLED: dict[str, Any] = {
    "key": KEY,
    "sources": "2",
    "claims": "1",
    "title": "Barrel bomb on the market",
    "description": "It fell at noon.",
    "language": "en",
    "kind": "strike",
    "weapon": "barrel_bomb",
    "alleged_actor": "Government forces",
    "targets": ["market", "residential"],
    "time_precision": "few_days",
    "first": "10 June 2014",
    "last": "12 June 2014",
    "where": "33°20'58.92\"N 43°47'2.76\"E",
    "place_name": "Fallujah",
    "location_precision": "nearby_landmark",
    "country": "IQ",
    "sources-0-kind": "ngo",
    "sources-0-name": "Relief desk",
    "sources-0-relays": ["s2"],
    "sources-1-kind": "witness",
    "sources-1-description": "a resident",
    "sources-1-identity": "Umm Ahmed",
    "claims-0-source": "s2",
    "claims-0-outcome": "killed",
    "claims-0-minimum": "5",
    "claims-0-civilian_status": "civilian",
    "licence": "CC-BY-4.0",
    "may_republish": "on",
    "basis": "informed",
    "store": "on",
    "share": "on",
    "reporter_name": "Abu Samir",
}


def filled(**changes: Any) -> dict[str, Any]:
    """Return the form's fields with changes; ``sources_0_kind`` is ``sources-0-kind``."""
    named = {re.sub(r"^(\w+?)_(\d+)_", r"\1-\2-", name): value for name, value in changes.items()}
    return {name: value for name, value in (FILLED | named).items() if value is not None}
