"""Changing the record: the only writers, one transaction each."""
