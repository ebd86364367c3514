"""Phones send again when an answer was lost. Nothing is stored twice, nothing is overwritten."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from incidents.models import Evidence, Incident, Report
from tests.factories import make_member
from tests.incidents.openrosa.sending import (
    FILES,
    JPEG,
    Phone,
    form,
    message,
    multipart,
    plain_form,
    told,
)

AT_ONCE = 50


def test_the_same_form_again_is_202_with_the_same_receipt(phone):
    first, second = phone.post(plain_form()), phone.post(plain_form())
    assert (first.status_code, second.status_code) == (201, 202)
    assert first.content == second.content
    assert Report.objects.count() == 1


def test_the_same_file_again_gives_its_own_receipt_again(phone):
    first, second = phone.post(form(), FILES), phone.post(form(), FILES)
    assert (first.status_code, second.status_code) == (201, 202)
    assert told(first, "evidence") == told(second, "evidence")
    assert Evidence.objects.count() == 3


def test_the_same_instance_with_other_answers_is_409(phone):
    phone.post(plain_form())
    answer = phone.post(plain_form(("Fallujah</title>", "Ramadi</title>")))
    assert answer.status_code == 409
    assert message(answer)[1] == "submit_error"
    assert Report.objects.get().title == "Barrel bombs on Fallujah"


def test_a_file_of_the_same_name_with_other_content_is_409(phone):
    name = next(iter(FILES))
    phone.post(form(), {name: FILES[name]})
    answer = phone.post(form(), {name: JPEG + b"other"})
    assert answer.status_code == 409
    assert name in message(answer)[0]
    assert Evidence.objects.count() == 1


def test_two_organisations_may_have_the_same_instance_id(phone, other_phone):
    phone.post(plain_form())
    assert other_phone.post(plain_form((">Fallujah<", ">Ramadi<"))).status_code == 201
    assert Report.objects.count() == 2


@pytest.fixture
def busy_phone(committed_db):
    return Phone(make_member())


def test_fifty_at_once_make_one_report_with_one_receipt(busy_phone):
    body, start = multipart(form(), FILES), Barrier(AT_ONCE)

    def send(_number):
        try:
            start.wait(timeout=120)
            answer = busy_phone.post_bytes(body)
            return answer.status_code, answer.content
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send, range(AT_ONCE)))
    assert sorted(status for status, _ in answers) == [201] + [202] * (AT_ONCE - 1)
    assert len({content for _, content in answers}) == 1
    assert Report.objects.count() == Incident.objects.count() == 1
    assert Evidence.objects.count() == 3
