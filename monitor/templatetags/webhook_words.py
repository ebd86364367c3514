"""What webhooks are told of, in words."""

from django import template

from feed.models import Kind

register = template.Library()


@register.filter
def in_words(kinds: list[str]) -> list[str]:
    """Return how people call these kinds of entry."""
    return [str(Kind(kind).label) for kind in kinds]
