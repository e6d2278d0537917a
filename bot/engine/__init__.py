"""Floor 1: verbs. Pure: no clock, no disk, no network, no chance."""
