"""Ranked places; forecasts against what happened."""
