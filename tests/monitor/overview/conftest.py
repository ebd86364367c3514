"""A layer to count people by."""

from tests.scoring.conftest import import_layer, layers_dir, make_raster, make_strike  # noqa: F401
