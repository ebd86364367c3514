"""What every app may use and what knows none of them: a closed list, see docs/adr/0002."""
