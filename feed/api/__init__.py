"""The REST API of the publication log: changes, releases, webhooks, redaction."""
