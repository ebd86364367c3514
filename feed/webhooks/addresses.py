"""Which addresses a webhook may be given; whether they lead outside is looked at on connecting."""

import ipaddress
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import FieldError, InvalidInput
from feed.webhooks.guard import may_be_reached


def host_checked(url: str) -> str:
    """Return the host of an address that may be posted to, in small letters.

    Raises ``InvalidInput``. A name is not looked up here: it may mean another machine later.
    """
    if not (url.isascii() and url.isprintable() and " " not in url and "\\" not in url):
        raise _refuse(_("An address has no spaces or letters outside ASCII; encode them."))
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise _refuse(_("This is not an address.")) from None
    is_local = host in settings.WEBHOOKS_LOCAL_ADDRESSES
    if parts.scheme != "https" and not (parts.scheme == "http" and is_local):
        raise _refuse(_("The address begins with https://."))
    if not host or len(host) > 253 or parts.port == 0:
        raise _refuse(_("This is not an address."))
    if parts.username is not None or parts.password is not None or "#" in url:
        raise _refuse(_("The address holds no user, password or fragment."))
    with suppress(ValueError):
        if not may_be_reached(ipaddress.ip_address(host)):
            raise _refuse(_("The address must be one of the public internet."))
    return host


def _refuse(message: str) -> InvalidInput:
    return InvalidInput(errors=[FieldError("url", message, "url")])
