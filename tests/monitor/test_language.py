"""The language of the pages is the reader's choice, and leads nowhere else."""

import pytest
from django.conf import settings


def test_the_choice_is_kept_and_the_reader_goes_back(client):
    answer = client.get("/language/ar?next=/published/%3Fa%3D1")
    assert (answer.status_code, answer["Location"]) == (302, "/published/?a=1")
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "ar"


@pytest.mark.parametrize("next", ["https://elsewhere.example/", "//elsewhere.example", "\\\\x"])
def test_nobody_is_sent_elsewhere(client, next):
    assert client.get("/language/ar", {"next": next})["Location"] == "/"


def test_a_language_we_do_not_speak_is_not_found(client):
    assert client.get("/language/xx").status_code == 404
