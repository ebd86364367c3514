"""Options that several commands take: a day, and a population layer."""

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path

from scoring.engine.grids import Kind, Layer, open_layer
from scoring.selectors import layer_matching
from scoring.services.layer_files import layer_open


def day(text: str) -> date:
    """Read a day; ``ArgumentTypeError`` where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} must be a day like 2014-06-10") from None


def layer_of(reference: str, kind: Kind | None = None) -> Layer:
    """Open a GeoTIFF, or the stored layer that an id or the first digits of a checksum name.

    Raises ``GridError`` for another file, ``DomainError`` where nothing is so named.
    """
    path = Path(reference)
    return open_layer(path, kind) if path.exists() else layer_open(layer_matching(reference))
