"""Keeps the keys of phones, which stand in their addresses, out of the log."""

import logging
import re

_KEY = re.compile(r"(/key/)[^/\s\"'?]+")


class KeysHidden(logging.Formatter):
    """Writes lines, traces included, with an ellipsis in the place of any key."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line as it may be written."""
        return _KEY.sub(r"\1…", super().format(record))
