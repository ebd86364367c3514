"""Tokens, webhooks, people and organisations."""
