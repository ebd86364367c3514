"""What webhooks are told of, in words."""

from django import template
from django.utils.translation import gettext_lazy as _

from feed.models import Kind

register = template.Library()
_WHY = {
    "owner_may_no_longer": _("who made it may keep webhooks no longer"),
    "gone": _("the server says that the address is gone"),
    "failing_for_three_days": _("nothing arrived for three days"),
    "not_in_log": _("the entry is not in the log"),
    "address_not_public": _("the address is not on the public internet"),
    "name_not_found": _("the server's name was not found"),
    "timeout": _("no answer in time"),
    "connection_lost": _("the connection was lost"),
    "not_connected": _("no connection"),
    "redirect": _("it led elsewhere, which is not followed"),
    "refused": _("the server refused it"),
    "tls": _("no safe connection"),
    "tls_expired": _("the server's certificate has ended"),
    "tls_other_name": _("the server's certificate is another's"),
    "tls_not_trusted": _("the server's certificate is not trusted"),
}


@register.filter
def in_words(kinds: list[str]) -> list[str]:
    """Return how people call these kinds of entry."""
    return [str(Kind(kind).label) for kind in kinds]


@register.filter
def why(code: str) -> str:
    """Return in words why something was not delivered, or no more; what is not known as it is."""
    return str(_WHY.get(code, code))
