"""The arithmetic of scoring: plain Python on arrays, knowing neither Django nor our records."""
