"""Evidence floors: which incidents count, by their grade."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from incidents.vocab import Grade


class EvidenceFloor(TextChoices):
    """From the lowest to the highest; each takes in all that those above it do."""

    ALL = "all", _("everything not withdrawn or discounted")
    WEAK = "weak", _("weak, fair or confirmed")
    FAIR = "fair", _("fair or confirmed")
    CONFIRMED = "confirmed", _("confirmed")


_HEIGHT = {Grade.WEAK: 1, Grade.FAIR: 2, Grade.CONFIRMED: 3}


def floors_of(grade: str) -> list[EvidenceFloor]:
    """Return the floors that an incident with this grade stands on (empty: not graded)."""
    return list(EvidenceFloor)[: _HEIGHT.get(Grade(grade), 0) + 1 if grade else 1]
