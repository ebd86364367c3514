"""Which addresses may be connected to, and which may be asked for."""

import ipaddress

import pytest

from core.errors import InvalidInput
from feed.webhooks.addresses import host_checked
from feed.webhooks.guard import is_public

INSIDE = [
    *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
    *("100.64.0.1", "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1"),
    *("192.88.99.1", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1"),
    *("fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1"),
    *("64:ff9b::808:808", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:808:808::1"),
    *("2001:0:7f00:1::1", "2001:db8::1", "::127.0.0.1"),
]


@pytest.mark.parametrize("address", INSIDE)
def test_inside_is_refused(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1"])
def test_outside_is_let_through(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.org/", "http://127.0.0.2/", "https://127.0.0.2/", "https://[::1]/", ""),
        *("https://10.0.0.1/x", "ftp://example.org/", "https://", "https:///x", "example.org"),
        *("https://user@example.org/", "https://user:x@example.org/", "https://example.org/#x"),
        *("https://example.org:0/", "https://example.org:99999/", "https://example.org:x/"),
        *("https://exämple.org/", "https://example.org/ x", "https://example.org/\r\nX: y"),
        *("https://[64:ff9b::7f00:1]/", "https://[::ffff:127.0.0.1]/", "https://example.org\\@x/"),
        *("https://[", "file:///etc/passwd"),
    ],
)
def test_an_address_that_cannot_be_posted_to_is_refused_by_field(url):
    with pytest.raises(InvalidInput) as refused:
        host_checked(url)
    assert refused.value.errors[0].field == "url"


def test_test_receivers_are_reached_by_http_where_settings_name_them():
    assert host_checked("http://127.0.0.1:9000/hook") == "127.0.0.1"
    assert host_checked("https://Example.org:8443/a?b=c") == "example.org"
