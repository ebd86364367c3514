"""A connection is kept between requests, and one that the server ended is replaced unnoticed."""

from django.contrib.gis.db.backends.postgis import base
from django.core.signals import request_started
from django.db import connection


def _backend():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_the_next_request_uses_it_again_without_asking_the_server(committed_db, monkeypatch):
    connection.close()  # an old one may have reached its age meanwhile
    before = _backend()
    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", _refuse)
    request_started.send(None)
    assert _backend() == before


def test_one_that_the_server_ended_is_replaced(superuser):
    before = _backend()
    superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    request_started.send(None)
    assert _backend() != before


def _refuse(*_arguments):
    raise AssertionError("asked the server")
