"""Append-only lists: audit entries and domain events, their sealing and their delivery."""
