"""Risk: how many people the strikes to come are expected to expose, cell by cell."""
