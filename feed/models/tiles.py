"""What tiles are made from quickly, kept by the sealer. All of it follows from the log."""

from typing import ClassVar

from django.db import models

from feed.models.log import Audience, Kind


class TileCell(models.Model):
    """How many points of what stands now lie in one square of the tile grid at level 13 (5 km).

    Tiles that show a country add these up instead of a million points.
    """

    pk = models.CompositePrimaryKey("audience", "kind", "x", "y")
    audience = models.CharField(max_length=7, choices=Audience.choices)
    kind = models.CharField(max_length=13, choices=Kind.choices)
    x = models.IntegerField(help_text="column, 0 to 8191 from 180° west")
    y = models.IntegerField(help_text="row, 0 to 8191 from 85.05° north")
    count = models.IntegerField()


class TileTouch(models.Model):
    """The newest entry that changed a tile of zoom 0 to 6; deeper ones go by that of zoom 6."""

    pk = models.CompositePrimaryKey("audience", "kind", "z", "x", "y")
    audience = models.CharField(max_length=7, choices=Audience.choices)
    kind = models.CharField(max_length=13, choices=Kind.choices)
    z = models.SmallIntegerField()
    x = models.IntegerField()
    y = models.IntegerField()
    seq = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(z__gte=0, z__lte=6), name="tile_touch_zoom_is_kept"
            ),
        ]
