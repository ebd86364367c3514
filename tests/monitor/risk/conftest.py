"""What the pages of risk show in the tests: a layer, strikes and runs."""

from tests.scoring.conftest import (  # noqa: F401 - fixtures
    import_layer,
    layers_dir,
    make_raster,
    make_strike,
)
