"""Reports, imports and receipts of those who submit."""
