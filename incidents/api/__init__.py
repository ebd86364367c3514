"""The record's REST API: thin views that parse, call a service or selector, and shape answers."""
