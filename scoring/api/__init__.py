"""The REST API of exposure."""
