"""Numbers in Arabic pages, with the separators of the sentences that are published (1,250.5)."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
