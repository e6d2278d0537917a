"""The parts a message goes through: each small, each tested alone."""
