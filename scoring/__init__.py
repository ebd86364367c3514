"""Population layers and what they say about incidents: exposure now, hazard and risk later."""
