"""OGC API – Features, Parts 1 and 3."""
