"""Backtests: what the hazard model and plainer ones would have said, against what happened."""
