"""People with a session."""

from django.test import Client

from accounts.models import Membership


def signed_in(member: Membership) -> Client:
    """Return a client with this member's session, as after login and second factor."""
    client = Client()
    client.force_login(member.user)
    return client
