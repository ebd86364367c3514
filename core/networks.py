"""The network a request comes from, under a name that tells nobody which it is.

An address is cut to /24 (IPv6: /48) and hashed with a salt of the day that is forgotten, so that
neither counts nor keys tell who asked.
"""

import logging
import secrets
import time
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from core.canonical import sha256_hex

logger = logging.getLogger(__name__)

_DAY_S = 86_400
_salts: dict[str, str] = {}


def network_name(request: HttpRequest) -> str:
    """Return 32 hex digits: the same for one network on one day (UTC), told by nothing else."""
    return sha256_hex(f"{_salt()}{_network(request)}".encode())[:32]


def _salt() -> str:
    day = str(int(time.time() // _DAY_S))
    if day not in _salts:
        _salts.clear()
        made = secrets.token_hex(16)
        try:
            made = cache.get_or_set(f"networks:salt:{day}", made, _DAY_S) or made
        except Exception:
            logger.warning("requests are counted by a salt of this process alone")
        _salts[day] = made
    return _salts[day]


def _network(request: HttpRequest) -> str:
    """Return the caller's network; behind our proxy the last hop that it names."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rpartition(",")[2].strip()
    try:
        ip = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((ip, 24 if ip.version == 4 else 48), strict=False))
