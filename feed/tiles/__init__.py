"""Vector tiles (Mapbox Vector Tile 2.1) of the publication log."""
