"""The Arabic catalogue is whole, keeps the placeholders, speaks the glossary, and is compiled."""

import gettext
import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "locale" / "ar" / "LC_MESSAGES"
APPS = ("accounts", "config", "core", "feed", "incidents", "ledger", "monitor", "scoring")
# A sign for percent is none: in Arabic it is another one.
PLACEHOLDER = re.compile(r"%\(\w+\)[.\d]*[a-z]|(?<!%)%[sdr]|\{\w+\}")
# Zero, one and two are said without a figure: no claim, one claim, two claims.
SAID_WITHOUT_FIGURE = 3
COUNTS = {"%(number)s", "%(number)d", "%(count)d", "%(seconds)s"}
# Where the English has the word, the Arabic has this one; docs/arabic.md says which.
GLOSSARY = {
    r"barrel bomb": r"برميل متفجر",
    r"reports?\b(?! strikes)": r"بلاغ|يُبلَّغ|يُبلّغ|تُبلّغ",
    r"incidents?\b": r"حادث|حوادث",
    r"\bstrikes?\b": r"ضرب",
    r"sources?\b": r"مصدر|مصادر|أصول|رواية",
    r"context events?\b": r"سياقي",
    r"population layer": r"طبق\w+ (ال)?سكان",
    r"evidence floor": r"الحد الأدنى للأدلة",
    r"embargo": r"حظر",
    r"organisations?\b": r"منظم",
    r"publication log": r"سجل النشر",
    r"(?<!standard )webhooks?\b": r"خطاف",
}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (FOLDER / "django.po").open("rb") as file:
        return read_po(file, locale="ar")


def _forms(message: Message) -> list[str]:
    return list(message.string) if message.pluralizable else [message.string]


def _texts(message: Message) -> str:
    return message.id[-1] if message.pluralizable else message.id


def _entries(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def test_every_text_has_its_arabic(catalogue):
    assert not [message.id for message in _entries(catalogue) if not all(_forms(message))]


def test_what_runs_from_the_left_is_marked_so(catalogue):
    bare = re.compile(r"(?<![\u200e\w/.:+-])(?:\d{4}-\d\d|https?://|\d+\.\d+, \d)")
    assert not [
        form for message in _entries(catalogue) for form in _forms(message) if bare.search(form)
    ]


def test_nothing_is_left_as_the_tool_guessed_it(catalogue):
    assert not [message.id for message in _entries(catalogue) if message.fuzzy]


def test_arabic_has_six_numbers(catalogue):
    assert catalogue.num_plurals == 6
    plurals = [message for message in _entries(catalogue) if message.pluralizable]
    assert plurals
    assert {len(_forms(message)) for message in plurals} == {6}


def test_placeholders_are_the_same_in_both_languages(catalogue):
    wrong = []
    for message in _entries(catalogue):
        wanted = sorted(PLACEHOLDER.findall(_texts(message)))
        for number, form in enumerate(_forms(message)):
            found = sorted(PLACEHOLDER.findall(form))
            bare = message.pluralizable and number < SAID_WITHOUT_FIGURE
            unsaid = [name for name in wanted if name not in COUNTS]
            if found != wanted and not (bare and found == unsaid):
                wrong.append((message.id, form))
    assert not wrong


@pytest.mark.parametrize(("english", "arabic"), GLOSSARY.items())
def test_the_words_of_the_glossary_are_used(catalogue, english, arabic):
    spoken = [m for m in _entries(catalogue) if re.search(english, _texts(m), re.I)]
    assert spoken
    assert not [m.id for m in spoken if not re.search(arabic, _forms(m)[-1])]


def test_texts_keep_the_spaces_at_their_ends(catalogue):
    def ends(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    wrong = [
        message.id
        for message in _entries(catalogue)
        if any(ends(form) != ends(_texts(message)) for form in _forms(message))
    ]
    assert not wrong


def test_what_is_compiled_is_what_is_written(catalogue):
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    with (FOLDER / "django.mo").open("rb") as file:
        committed = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    wanted = gettext.GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
    del committed[""], wanted[""]  # the header
    assert committed == wanted, "run 'make messages' and commit both files"


def test_texts_are_marked_by_names_that_are_collected():
    renamed = re.compile(
        r"^from django\.utils\.translation import (\w*gettext\w*) as (?!_\n)", re.M
    )
    sources = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    assert sources
    assert not [path.name for path in sources if renamed.search(path.read_text())]
