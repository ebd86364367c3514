"""Hazard: how many strikes to expect in each cell over the days after an origin."""
