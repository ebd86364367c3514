"""What partners read: the publication log and everything served from it."""
