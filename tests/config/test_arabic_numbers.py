"""Numbers on Arabic pages look as in the sentences that are published."""

import pytest
from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.defaultfilters import floatformat
from django.utils.formats import localize
from django.utils.translation import override


@pytest.mark.parametrize("language", ["en", "ar"])
def test_numbers_are_written_alike(language):
    with override(language):
        assert intcomma(1234567) == "1,234,567"
        assert floatformat(1234.5, "1g") == "1,234.5"
        assert localize(34.4667) == "34.4667"
