"""What the frame of a page asks about its reader."""

from typing import Any

from django import template
from django.template import RequestContext

from accounts.actors import Actor
from accounts.permissions import Action, may
from accounts.sessions import actor_of_session
from incidents import vocab
from monitor.navigation import links_for

register = template.Library()


@register.filter
def permitted(actor: Actor | None, action: str) -> bool:
    """Tell whether the reader may: ``{% if actor|permitted:"webhook.keep" %}``."""
    return may(actor, Action(action))


@register.filter
def word_of(code: str, vocabulary: str) -> str:
    """Return the word for a code, or "": ``{{ incident.weapon|word_of:"Weapon" }}``.

    For long lists: a model's ``get_…_display`` translates the whole vocabulary for each row.
    """
    return str(getattr(vocab, vocabulary)(code).label) if code else ""


@register.simple_tag(takes_context=True)
def frame(context: RequestContext) -> str:
    """Say who acts and where they may go, on allauth's pages, whose views know neither."""
    request = context["request"]
    actor = actor_of_session(request)
    # At the bottom: blocks of the parent template stand outside of the block that calls.
    bottom: dict[str, Any] = context.dicts[0]
    bottom.update(actor=actor, links=links_for(actor, request.path))
    return ""
