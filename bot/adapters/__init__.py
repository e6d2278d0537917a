"""Floor 3: the outside world."""
