# Two commands: `make run` and `make test`. Both set up all they need. Every line can be typed by hand.
PYTHON ?= python3
BOT = .venv/bin/python

.PHONY: run test check bench words nlu-report setup setup-test

run: setup
	$(BOT) -m bot serve

test: setup setup-test
	cd nlu && .venv/bin/python -m pytest
	$(BOT) -m pytest

check: setup-test
	.venv/bin/ruff format --check bot nlu tests
	.venv/bin/ruff check bot nlu tests
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache
	$(BOT) -m bot check

bench: setup setup-test
	$(BOT) -m tests.bench

words:  # after a change of the machine's own words: collects them for the translators
	.venv/bin/pybabel extract -k N_ --no-location --omit-header --sort-output -o locales/messages.pot bot
	.venv/bin/pybabel update --no-fuzzy-matching --ignore-obsolete --omit-header -i locales/messages.pot -d locales

nlu-report: setup
	cd nlu && .venv/bin/python report.py

setup:
	@$(PYTHON) bot/install.py bot nlu model

setup-test:
	@$(PYTHON) bot/install.py test browser
