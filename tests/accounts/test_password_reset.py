"""A forgotten password: by letter, alike for whoever is asked for; else by an administrator."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.factories import make_member

pytestmark = pytest.mark.django_db
NEW = "another long sentence"


def ask(email):
    return Client().post("/account/password/reset/", {"email": email})


def test_a_letter_goes_to_whoever_was_named_and_the_page_tells_nothing(mailoutbox):
    member = make_member()
    known, unknown = ask(member.user.email), ask("nobody@ngo.example")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    ours, others = mailoutbox
    assert "/account/password/reset/key/" in ours.body
    assert "http" not in others.body
    assert "signup" not in others.body


def test_the_letters_link_sets_a_password_and_logs_nobody_in(mailoutbox):
    member = make_member()
    ask(member.user.email)
    path = re.search(r"http://testserver(\S+)", mailoutbox[0].body)[1]
    client = Client()
    where = client.get(path, follow=True).redirect_chain[-1][0]
    client.post(where, {"password1": NEW, "password2": NEW})
    member.user.refresh_from_db()
    assert member.user.check_password(NEW)
    assert client.get("/account/").status_code == 302


def test_without_a_mail_server_the_page_says_whom_to_ask(settings, mailoutbox):
    settings.MAIL_IS_SENT = False
    assert "Ask an administrator" in ask(make_member().user.email).content.decode()
    assert mailoutbox == []


def test_a_link_is_made_on_the_server():
    member, out = make_member(), StringIO()
    call_command("issue_link", email=member.user.email.upper(), stdout=out)
    assert Client().get(out.getvalue().strip()).status_code == 302
    with pytest.raises(CommandError):
        call_command("issue_link", email="nobody@ngo.example")


def test_too_many_tries_end_in_a_page(settings):
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    ask("a@ngo.example")
    answer = ask("b@ngo.example")
    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()
