"""Every page of the project by its route, and who opens it; a route not named here fails a test."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from accounts.models import Role
from feed.collections import COLLECTIONS
from tests.security.access import filled, routes
from tests.support.hostile_record import HostileRecord
from tests.support.payloads import BREAKOUT_PART

NOBODY = None
SUBMITTER, MONITOR, LEAD = Role.SUBMITTER, Role.MONITOR, Role.LEAD_MONITOR
ADMINISTRATOR = Role.ADMINISTRATOR
MEMBERS = (SUBMITTER, MONITOR, LEAD, ADMINISTRATOR)
Who = tuple[Role | None, ...]

_INCIDENT = "incidents/<uuid:incident_id>/"
_MEMBER = "people/members/<uuid:membership_id>/"
_WEBHOOK = "account/webhooks/<uuid:webhook_id>/"
_OF_COLLECTION = "ogc/collections/<str:collection_id>"
# By route, who is shown a page there.
PAGES: dict[str, Who] = {
    **dict.fromkeys(("", "published/", "methodology/", "cite/", "guide/"), (NOBODY, LEAD)),
    **dict.fromkeys(("ogc/", "ogc/api", "ogc/conformance", "ogc/collections"), (NOBODY,)),
    _OF_COLLECTION: (NOBODY,),
    f"{_OF_COLLECTION}/queryables": (NOBODY,),
    f"{_OF_COLLECTION}/schema": (NOBODY,),
    f"{_OF_COLLECTION}/schema/geojson": (NOBODY,),
    f"{_OF_COLLECTION}/items": (NOBODY,),
    f"{_OF_COLLECTION}/items/<str:feature_id>": (NOBODY,),
    "ogc/collections/admin-units/items": (NOBODY,),
    "ogc/collections/admin-units/items/<uuid:unit_id>": (NOBODY,),
    "map/": (LEAD,),
    "map/people/<uuid:question_id>/": (MONITOR,),
    "risk/": (LEAD,),
    "risk/calibration/": (LEAD,),
    "risk/<str:cell>/": (LEAD,),
    "queue/": (MONITOR, LEAD),
    "queue/matches/": (MONITOR,),
    "matches/<uuid:match_id>/": (MONITOR,),
    _INCIDENT: (LEAD,),
    f"{_INCIDENT}timeline/": (LEAD,),
    f"{_INCIDENT}publish/": (LEAD, MONITOR),
    f"{_INCIDENT}matches/": (LEAD,),
    "reports/<uuid:report_id>/sealed/": (LEAD,),
    "submit/": (SUBMITTER,),
    "submit/offline/": (NOBODY,),
    "imports/": (SUBMITTER,),
    "imports/<uuid:import_id>/": (SUBMITTER,),
    "receipts/": (SUBMITTER,),
    "receipts/<uuid:report_id>/": (SUBMITTER,),
    **dict.fromkeys(("account/", "account/tokens/", "account/sessions/"), MEMBERS),
    "account/webhooks/": (MONITOR,),
    _WEBHOOK: (MONITOR,),
    "people/": (ADMINISTRATOR,),
    "people/organisations/<uuid:organisation_id>/": (ADMINISTRATOR,),
    _MEMBER: (ADMINISTRATOR,),
    # allauth's, in our frame.
    "account/login/": (NOBODY,),
    "account/logout/": (MONITOR,),
    "account/inactive/": (NOBODY,),
    "account/reauthenticate/": (MONITOR,),
    "account/password/set/": (SUBMITTER,),
    "account/password/reset/": (NOBODY,),
    "account/password/reset/done/": (NOBODY,),
    "account/password/reset/key/done/": (NOBODY,),
    "account/password/reset/^key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": (NOBODY,),
    "account/2fa/": MEMBERS,
    "account/2fa/totp/activate/": (SUBMITTER,),
    "account/2fa/totp/deactivate/": (MONITOR,),
    "account/2fa/reauthenticate/": (MONITOR,),
    "account/2fa/webauthn/": (LEAD,),
    "account/2fa/webauthn/add/": (MONITOR,),
    "account/2fa/webauthn/reauthenticate/": (MONITOR,),
    "account/2fa/webauthn/keys/<int:pk>/remove/": (LEAD,),
    "account/2fa/webauthn/keys/<int:pk>/edit/": (LEAD,),
    "account/2fa/recovery-codes/": (MONITOR,),
    "account/2fa/recovery-codes/generate/": (MONITOR,),
}
# Nothing but forms of other pages is sent there; what they answer is looked at with these.
DEEDS = frozenset(
    {
        *(f"{_INCIDENT}{deed}/" for deed in ("grade", "step", "withdraw", "embargo", "assign")),
        *(f"{_INCIDENT}{deed}/" for deed in ("comment", "respond", "split", "looking")),
        *(f"matches/<uuid:match_id>/{deed}/" for deed in ("merge", "dismiss")),
        *("merges/<uuid:merge_id>/undo/", "queue/bulk/", "map/people/"),
        *(f"{_WEBHOOK}{deed}/" for deed in ("replay", "<slug:deed>")),
        *(f"{_MEMBER}{deed}/" for deed in ("role", "token", "<slug:deed>")),
        "receipts/<uuid:report_id>/evidence/",
        f"{_MEMBER}tokens/<uuid:token_id>/revoke/",
        *("account/membership/", "account/phones/", "account/phones/<uuid:device_id>/revoke/"),
        "account/tokens/<uuid:token_id>/revoke/",
    }
)
# No page: data, files, or a way to one.
OTHERS = (
    *("healthz", "readyz", ".well-known/", "api/v1/", "clients/", "tiles/", "openrosa/"),
    *("evidence/", "receipts/<uuid:report_id>/file/", "map/cells/"),
    *("map/tiles/", "map/towns/", "map/population/"),
    *("submit/waiting/", "submit/sw.js", "submit/manifest.webmanifest"),
    "imports/<uuid:import_id>/mend/",  # of another file: tests/monitor/submit/test_mending.py
    *("imports/template.", "imports/<uuid:import_id>/rejected/", "language/"),
    *("account/signup/", "account/second-factor/", "account/password/change/"),
    *("account/2fa/authenticate/", "account/2fa/webauthn/login/"),
    *("account/2fa/recovery-codes/download/",),
)


def routes_not_named() -> set[str]:
    """Return the routes that stand in none of the lists, and what is listed but no route."""
    known = {*PAGES, *DEEDS}
    there = set(routes())
    unnamed = {route for route in there - known if not route.startswith(OTHERS)}
    return unnamed | (known - there)


@dataclass(frozen=True)
class Visit:
    """A page, and by whom it is opened; its route tells which."""

    route: str
    path: str
    by: Role | None


def visits(record: HostileRecord) -> Iterator[Visit]:
    """Yield every page with everything of the record that it can be about."""
    values = record.ids | {
        "collection_id": [*COLLECTIONS, "admin-units", BREAKOUT_PART],
        "feature_id": [*record.ids["feature_id"], BREAKOUT_PART, BREAKOUT_PART],
        "uidb36": ["x"],
        "key": [BREAKOUT_PART],
    }
    for route, who in PAGES.items():
        names = re.findall(r"<(?:\w+:)?(\w+)>", route)
        plain = re.sub(r"\^key/\(\?P(<\w+>)[^)]*\)-\(\?P(<\w+>).*", r"key/\1-\2/", route)
        # One after another and not all with all: an entry is of one collection.
        for chosen in zip(*(values[name] for name in names), strict=True) if names else [()]:
            texts = [quote(str(value), safe="") for value in chosen]
            ids: dict[str, Any] = dict(zip(names, texts, strict=True))
            for role in who:
                yield Visit(route, filled(plain, ids), role)
