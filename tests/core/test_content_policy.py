"""What browsers may load because of an answer."""

import pytest
from django.http import JsonResponse
from django.test import Client, RequestFactory

from core.middleware import ContentPolicy

POLICY = "Content-Security-Policy"


@pytest.mark.django_db
def test_data_load_nothing_and_pages_our_own_scripts():
    client = Client()
    assert client.get("/ogc/?f=json")[POLICY] == ContentPolicy.NOTHING
    assert client.get("/nothing", HTTP_ACCEPT="application/json")[POLICY] == ContentPolicy.NOTHING
    assert "script-src 'self'" in client.get("/ogc/?f=html")[POLICY]


def test_what_a_view_says_stays():
    def sandboxed(_request):
        return JsonResponse({}, headers={POLICY: "sandbox"})

    assert ContentPolicy(sandboxed)(RequestFactory().get("/"))[POLICY] == "sandbox"
