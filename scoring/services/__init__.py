"""What changes layers and exposures, and the figures that others ask for."""
