"""Webhooks: members' systems are told of new entries of the publication log."""
