"""Ways in. A parser turns what was sent into a ``ReportDraft`` and writes nothing."""
