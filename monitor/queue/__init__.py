"""What needs a decision, and deciding it."""
