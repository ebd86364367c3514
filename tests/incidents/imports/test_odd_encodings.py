"""Files whose bytes are no text in their own encoding."""

import pytest

from incidents.intake.runs import rejected_write
from tests.factories import make_actor
from tests.incidents.imports.files import counts, imported, table

pytestmark = pytest.mark.django_db


def test_a_refused_row_of_half_a_utf16_character_comes_back(imports_folder):
    text = table({}, {"source_headline": "half @"}).decode().replace("@", "\ud83d")
    actor = make_actor()
    run = imported(actor, ("\ufeff" + text).encode("utf-16-le", "surrogatepass"))
    assert counts(run) == (1, 0, 1)
    rejected = imports_folder / "rejected.csv"
    rejected_write(run, rejected, actor=actor)
    assert counts(imported(make_actor(), rejected.read_bytes())) == (0, 0, 1)
