"""What monitors and NGOs see in a browser."""
