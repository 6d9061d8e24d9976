# Every target documents itself in `make help`.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run dev test lint proof bench conformance catalogue clean

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
PY := .venv/bin/python
# Read from a file, so that a restart keeps what was signed; never in git.
LOCAL_ENV = SECRET_KEY="$${SECRET_KEY:-$$(cat .local/secret-key)}" PORT=$(PORT)

help: ## Say what each target does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-11s %s\n", $$1, $$2}'

.venv/run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=…")'
	@test -x $(PY) || $(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/test: tests/requirements.txt .venv/run
	$(PY) -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@command -v chromium chromium-browser google-chrome >/dev/null || $(PY) -m playwright install chromium
	@touch $@

.local/secret-key:
	@mkdir -p .local
	@umask 077 && $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))' > $@

.local/static: .venv/run .local/secret-key $(shell find static -type f)
	@$(LOCAL_ENV) $(PY) manage.py collectstatic --no-input --clear -v0
	@touch $@

run: .venv/run .local/secret-key .local/static ## Serve the filled dictionary on 127.0.0.1, port 8000 or PORT
	@$(LOCAL_ENV) $(PY) manage.py migrate -v0
	@$(LOCAL_ENV) $(PY) manage.py load_content
	@echo "Serving at http://127.0.0.1:$(PORT)/ (Ctrl-C stops it)"
	@$(LOCAL_ENV) exec $(PY) -m glossary.serve -m granian --interface wsgi --host 127.0.0.1 --port $(PORT) \
		--workers $(WORKERS) --blocking-threads 1 --no-ws --log-level warning glossary.wsgi:application

dev: .venv/run ## The same with DEBUG on and reloading on every change
	@mkdir -p .local
	@DEBUG=1 PORT=$(PORT) $(PY) manage.py migrate -v0
	@DEBUG=1 PORT=$(PORT) $(PY) manage.py load_content
	@DEBUG=1 PORT=$(PORT) exec $(PY) -m glossary.serve manage.py runserver 127.0.0.1:$(PORT)

test: .venv/test ## Everything that Python packages and a browser can prove
	$(PY) -m tests.engine
	$(PY) -m pytest -m "not proof" -n 2 --dist loadfile

lint: .venv/test ## Ruff, djade, and the types in JSDoc where npm reaches its registry
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	git ls-files -z 'templates/*.html' | xargs -0 .venv/bin/djade --check --target-version 5.2
	$(PY) -m tests.proof.types

proof: .venv/test .venv/proof .venv/conformance .local/static ## What needs foreign tools: the database on a real PostgreSQL, Redis, nginx, Clojure, Kafka, Vale …
	$(PY) -m tests.proof.postgresql $(PY) -m pytest -m "database and not browser and not proof" -n 2 --dist loadfile
	$(PY) -m pytest tests/proof -n 2 --dist loadfile

bench: .venv/test .local/static ## Measure speed and memory beside a reference, in one run
	$(PY) -m tests.bench

.venv/proof: tests/proof/requirements.txt .venv/test
	$(PY) -m pip install --quiet --disable-pip-version-check -r tests/proof/requirements.txt
	@touch $@

.venv/conformance: tests/conformance/requirements.txt .venv/run
	$(PY) -m pip install --quiet --disable-pip-version-check -r tests/conformance/requirements.txt
	@touch $@

conformance: .venv/conformance ## Record again what Kafka's own classes and a broker do, and compare (needs Java 17 and Maven)
	$(PY) -m tests.conformance

catalogue: .venv/test ## Write down what the engine offers, for the server and for readers of docs/simulations.md
	.venv/bin/node static/simulator/catalogue.mjs > static/simulator/catalogue.json
	$(PY) -m docs.simulations > docs/simulations.md

clean: ## Remove the virtual environment and everything local, the database included
	rm -rf .venv .local
