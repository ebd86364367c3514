"""How far each audience's log was looked through for exposure that is no longer up to date."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from feed.models.log import Audience


class ExposureSweep(models.Model):
    """Incidents up to ``last_seq`` have exposure by ``basis``: layer, formula and profiles."""

    audience = models.CharField(max_length=7, choices=Audience.choices, primary_key=True)
    basis = models.CharField(max_length=200, blank=True)
    last_seq = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values), name="exposure_sweep_audience_is_known"
            ),
            models.CheckConstraint(
                condition=Q(last_seq__gte=0), name="exposure_sweep_seq_not_negative"
            ),
        ]
