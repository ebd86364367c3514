"""Names of one place in Arabic, Kurdish and Latin letters have one key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.names import name_similarity, title_similarity, words_of

ALIKE = [
    ["الفلوجة", "فەللووجە", "Fallujah", "Al-Falluja", "Falloujah", "Al Fallūjah town"],
    ["الموصل", "مووسڵ", "Mosul", "Mossoul", "Al-Mawşil"],
    ["البصرة", "بەسرە", "Basra", "al Başrah", "Bassora"],
    ["بغداد", "بەغدا", "Baghdad", "Baghdād city", "Bagdad"],
    ["الرَّمادي", "Ramadi", "Ar Ramādī", "Ramadie"],
    ["كركوك", "کەرکووک", "Kirkuk", "Karkouk"],
    ["طوز خورماتو", "Tuz Khurmatu", "Ţūzkhūrmātū", "Tooz Khormato"],
    ["صلاح الدين", "Salahaddin", "Şalāḩ ad Dīn province", "Salah al-Din"],
    ["حلب", "Ḩalab", "Halab"],
    ["دير الزور", "Deir ez-Zor", "Dayr az Zawr"],
    ["بعقوبة", "Ba‘qūbah", "Baquba", "Ba'quba"],
]
SAME = [(names[0], other) for names in ALIKE for other in names[1:]]
FIRSTS = [names[2] for names in ALIKE]
OTHERS = [(one, two) for one in FIRSTS for two in FIRSTS if one < two]


def similarity(one, other):
    return name_similarity(words_of(one), words_of(other))


@pytest.mark.parametrize(("one", "other"), SAME, ids=str)
def test_spellings_of_one_place_are_alike(one, other):
    assert similarity(one, other) >= 0.8


@pytest.mark.parametrize(("one", "other"), OTHERS, ids=str)
def test_other_places_are_not_alike(one, other):
    assert similarity(one, other) < 0.7


@pytest.mark.parametrize("name", ["", "  ", "town", "Al", "مدينة", "—", "'"])
def test_a_name_that_says_nothing_is_not_compared(name):
    assert similarity(name, "Fallujah") is None


def test_what_sort_of_place_it_is_makes_no_difference():
    assert words_of("مدينة الفلوجة") == words_of("Fallujah City") == words_of("Fallujah")


def test_a_word_of_vowels_alone_is_kept():
    assert similarity("Aiyu", "Aiyu") == 1
    assert similarity("Aiyu", "Oa") < 1


def test_a_title_within_a_longer_one_is_alike():
    one, other = words_of("Barrel bombs"), words_of("Two barrel bombs fell on a market")
    assert title_similarity(one, other) == 1
    assert title_similarity(one, words_of("Clashes at a checkpoint")) < 0.6


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_have_one_similarity_within_bounds(one, other):
    first, second = words_of(one), words_of(other)
    for similar in (name_similarity, title_similarity):
        value = similar(first, second)
        assert value == similar(second, first)
        assert value is None or 0 <= value <= 1


@given(st.text(max_size=80))
def test_a_text_is_wholly_like_itself(text):
    words = words_of(text)
    assert name_similarity(words, words) in {None, 1}
