"""Floor 2: order and patience. Async; knows no library by name."""
