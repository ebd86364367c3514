"""The map of incidents, risk and people."""
