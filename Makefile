# Two commands: `make run` and `make test`. Both set up all they need. Every line can be typed by hand.
PYTHON ?= python3
BOT = .venv/bin/python

.PHONY: run test check setup setup-test words bench

run: setup
	$(BOT) -m bot serve

test: setup setup-test
	$(BOT) -m pytest

check: setup-test
	.venv/bin/ruff format --check bot nlu tests
	.venv/bin/ruff check bot nlu tests
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache
	$(BOT) -m bot check

bench: setup setup-test
	$(BOT) -m tests.bench

setup:
	@$(PYTHON) bot/install.py bot nlu model

setup-test:
	@$(PYTHON) bot/install.py test browser
