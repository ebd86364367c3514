"""A cell's risk in words: numbers agree with their nouns, and no figure is written like 1e-07."""

from datetime import date

import pytest

from scoring.risk_sentences import Facts, incidents_counted, sentences

FACTS = Facts(
    origin=date(2014, 6, 10),
    horizon_days=30,
    people=1234.0,
    people_low=400.0,
    people_high=2600.0,
    residents=20_400.0,
    risk_class=8,
    strikes=2.0,
    background=0.5,
    incidents=3,
    people_before=None,
    new_incidents=0,
)


def said(language="en", **changed):
    return sentences(FACTS._replace(**changed))[language]


@pytest.mark.parametrize(
    ("number", "english", "arabic", "new"),
    [
        (0, "0 incidents", "لا حوادث", "لا حوادث جديدة"),
        (1, "one incident", "حادثة واحدة", "حادثة جديدة واحدة"),
        (2, "2 incidents", "حادثتان", "حادثتان جديدتان"),
        (3, "3 incidents", "3 حوادث", "3 حوادث جديدة"),
        (10, "10 incidents", "10 حوادث", "10 حوادث جديدة"),
        (11, "11 incidents", "11 حادثةً", "11 حادثةً جديدةً"),
        (99, "99 incidents", "99 حادثةً", "99 حادثةً جديدةً"),
        (100, "100 incidents", "100 حادثة", "100 حادثة جديدة"),
        (102, "102 incidents", "102 حادثة", "102 حادثة جديدة"),
        (103, "103 incidents", "103 حوادث", "103 حوادث جديدة"),
        (111, "111 incidents", "111 حادثةً", "111 حادثةً جديدةً"),
    ],
)
def test_incidents_are_counted_as_the_language_counts(number, english, arabic, new):
    assert incidents_counted("en", number) == english
    assert incidents_counted("ar", number) == arabic
    assert incidents_counted("ar", number, new=True) == new


def test_the_whole_in_english():
    assert said(people_before=900.0, new_incidents=1) == (
        "In the 30 days from 10 June 2014, about 1,200 of the 20,000 people who live here are "
        "expected to have a strike within 5 km (90 % interval: 400 to 2,600). That is class 8 of "
        "10. Of the strikes expected in this cell, 25 % are its long-run background; beyond that, "
        "most is added by 3 incidents. Since the last run this rose from about 900, with one new "
        "incident among its reasons."
    )


def test_the_whole_in_arabic():
    assert said("ar", people_before=900.0, new_incidents=2) == (
        "خلال 30 يوماً ابتداءً من 10 يونيو 2014، يُتوقَّع أن تقع ضربة ضمن مسافة 5 كم من نحو 1,200 من "
        "أصل 20,000 من السكان هنا (نطاق 90 ٪: من 400 إلى 2,600). وهذه هي الفئة 8 من 10. من الضربات "
        "المتوقعة في هذه الخلية 25 ٪ هي معدّلها الطويل الأمد، وأكثر ما يُضاف إليه مصدره 3 حوادث. "
        "ارتفع ذلك منذ الحساب السابق من نحو 900، ومن أسبابه حادثتان جديدتان."
    )


@pytest.mark.parametrize(
    ("before", "new", "english"),
    [
        (1234.0, 1, "hardly changed"),
        (1240.0, 1, "hardly changed"),
        (900.0, 0, "rose from about 900, with no new incident among its reasons"),
        (0.4, 1, "rose from fewer than one, with one new incident"),
        (5000.0, 1, "fell from about 5,000."),
        (None, 1, "In the last run nobody"),
    ],
)
def test_what_changed(before, new, english):
    assert english in said(people_before=before, new_incidents=new)


def test_a_run_without_one_before_says_nothing_of_change():
    assert "last run" not in sentences(FACTS, with_change=False)["en"]


def test_few_people_are_not_written_as_powers_of_ten():
    text = said(people=0.13, people_low=1e-7, people_high=0.4, risk_class=0)
    assert "fewer than one of the 20,000 people" in text
    assert "(90 % interval: 0 to 0)" in text
    assert "أقل من شخص واحد" in said("ar", people=0.13)


def test_background_alone():
    assert "Nothing that happened lately" in said(incidents=0, background=2.0)
    assert "100 %" in said(background=2.5)
