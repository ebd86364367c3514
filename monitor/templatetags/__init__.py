"""What templates ask of the frame."""
