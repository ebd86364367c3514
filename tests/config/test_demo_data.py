import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken
from accounts.selectors import token_by_secret, token_refusal
from incidents.models import Report
from scripts.totp import code_now


@pytest.fixture
def demo_data(db, tmp_path, settings):
    """Load the demonstration's data and return its tokens."""
    settings.LAYERS_DIR = str(tmp_path / "layers")

    files = {"tokens_file": tmp_path / "tokens.json", "logins_file": tmp_path / "logins.tsv"}

    def load():
        call_command("demo_data", **files, stdout=StringIO())
        return json.loads((tmp_path / "tokens.json").read_text())

    return load


def test_loading_twice_adds_nothing_and_keeps_the_tokens_that_work(demo_data):
    first = demo_data()
    reports = Report.objects.count()
    assert reports > 0
    assert demo_data() == first
    assert Report.objects.count() == reports
    assert not any(token_refusal(token_by_secret(secret)) for secret in first.values())

    ApiToken.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert set(demo_data().values()).isdisjoint(first.values())


def test_everybody_with_pages_logs_in_as_it_is_printed(demo_data, tmp_path):
    demo_data()
    lines = (tmp_path / "logins.tsv").read_text().splitlines()
    assert len(lines) == 6
    for line in lines:
        _role, email, password, secret = line.split("\t")
        client = Client()
        client.post("/account/login/", {"login": email, "password": password})
        if secret != "-":
            client.post("/account/2fa/authenticate/", {"code": code_now(secret)})
        assert client.get("/account/").status_code == 200, line


def test_production_takes_no_demonstration(settings):
    settings.IS_PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("demo_data")
