"""From a report sent to the API to its receipt checked by the sender's own means."""

import json
from collections.abc import Callable
from typing import Any

from django.test import Client

from accounts.models import Role
from tests.factories import bearer, make_member, report_body

Check = Callable[..., tuple[int, str]]


def send(client: Client, body: bytes, token: dict[str, str]) -> Any:
    answer = client.post("/api/v1/reports/", body, content_type="application/json", **token)
    assert answer.status_code in (200, 201), answer.content
    return answer


def test_the_servers_answer_convinces_the_program(db: None, client: Client, check: Check) -> None:
    report = report_body() | {"reporter": {"name": "ليلى", "contact": "+964 1"}}
    body = json.dumps(report, indent=2, ensure_ascii=False).encode()
    token = bearer(make_member(Role.SUBMITTER))
    keys = client.get("/.well-known/harmwatch-keys.json").content
    first = send(client, body, token).content
    again = send(client, body, token).content

    for answer in (first, again):
        code, said = check("receipt", answer, keys=keys, body=body)
        assert code == 0, said
        assert "The file is, byte for byte, what was received." in said
        assert "The sealed value at sources[1].identity is the one in the file." in said
        assert "The sealed value at reporter is the one in the file." in said

    assert check("receipt", first, keys=keys, body=body.replace(b"quarter", b"quarters"))[0] == 1
