"""The words of the timeline."""

import pytest
from django.utils import translation

from incidents.sentences import SENTENCES, sentence_of

UPWARDS = {"version": 3, "from": {"a": ["x"], "b": ["y"]}, "to": "t", "reports": ["x", "y"]}


@pytest.mark.parametrize("action", sorted({name.partition("/")[0] for name in SENTENCES}))
@pytest.mark.parametrize(
    "data", [{}, UPWARDS, {"state": None, "user": None, "grade": "unheard of"}]
)
def test_every_action_is_told_whatever_its_entry_holds(action, data):
    text = sentence_of(action, "Sara", "a reason", data)
    assert text.endswith(": a reason")
    assert "%" not in text


def test_an_unknown_action_says_its_own_name():
    assert sentence_of("incident.hugged", "Sara") == "Sara: incident.hugged."


def test_a_reason_is_quoted_as_it_was_given():
    assert sentence_of("incident.withdrawn", "Sara", "100 %(by)s") == "Sara withdrew it: 100 %(by)s"


def test_names_of_one_and_of_several_are_told_apart():
    one, two = {"from": {"a": ["x"]}}, {"from": {"a": ["x"], "b": ["y"]}}
    assert sentence_of("incident.merged", "S", data=one) == "S merged another incident into it."
    assert sentence_of("incident.merged", "S", data=two) == "S merged 2 other incidents into it."


def test_labels_are_in_the_language_asked_for():
    with translation.override("ar"):
        assert sentence_of("incident.assessed", "Sara", data={"grade": "fair", "standing": "fair"})


def test_names_and_reasons_keep_their_direction_in_arabic():
    with translation.override("ar"):
        text = sentence_of("incident.withdrawn", "Sara (NGO 1)", "Not 2014-05-11.")
    assert "\u2068Sara (NGO 1)\u2069" in text
    assert text.endswith("\u2068Not 2014-05-11.\u2069")
