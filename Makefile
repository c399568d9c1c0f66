# `make` lists the targets. Everything is installed into .venv, from versions locked by hash.

export NO_MKDOCS_2_WARNING = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1

BIN := .venv/bin
UV := uv==0.13.9

.DEFAULT_GOAL := help
.NOTPARALLEL: # steps share .venv, docs/ and site/
.PHONY: help site offline zensical serve driver test lint fuzz lock clean FORCE

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' Makefile | \
	while IFS='|' read -r target text; do printf '%-12s %s\n' "$$target" "$$text"; done

site: .venv/.site ## build the site into site/
	$(BIN)/portatlas build $(if $(SOURCE_URL),--source-url '$(SOURCE_URL)') $(if $(SITE_URL),--site-url '$(SITE_URL)') $(if $(PUBLIC),--public)
	$(BIN)/mkdocs build --strict

offline: .venv/.site ## make site-offline.zip: the site, to be read from disk
	$(BIN)/portatlas build $(if $(SOURCE_URL),--source-url '$(SOURCE_URL)') $(if $(SITE_URL),--site-url '$(SITE_URL)') $(if $(PUBLIC),--public)
	$(BIN)/mkdocs build --strict --config-file mkdocs-offline.yml
	$(BIN)/python -m generator.offline site-offline site-offline.zip

zensical: .venv/.test ## build the same pages into site-zensical/, with the successor of the theme
	$(BIN)/portatlas build
	$(BIN)/zensical build --strict --config-file mkdocs-zensical.yml

serve: .venv/.site ## show the site while you edit: rebuilt at every change
	$(BIN)/portatlas serve

driver: .venv/.site ## let `git diff` and `git log -p` show a site's flows, in this repository
	git config diff.portatlas.textconv \
	    'flows() { .venv/bin/portatlas textconv "$$1" 2>/dev/null || cat "$$1"; }; flows'

test: .venv/.test lint ## check everything: lint, then the tests; ARGS="-k name" goes to pytest
	@tests/setup-debian.sh
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

lint: .venv/.test ## ruff and mypy
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

fuzz: .venv/.test ## break the data in 10,000 ways
	$(BIN)/python -m tests.fuzz --count 10000 --seed 1

lock: .venv/.python ## lock the versions again; ARGS=--upgrade takes the newest
	$(BIN)/python -m venv .cache/lock
	.cache/lock/bin/pip install --quiet '$(UV)'
	$(call compile,site)
	$(call compile,test,--extra test --constraint requirements/site.txt)

# 3.11.2 is Debian 12's.
compile = .cache/lock/bin/uv pip compile --quiet --no-config --universal --fork-strategy fewest --python-version 3.11.2 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	$(2) --output-file requirements/$(1).txt pyproject.toml requirements/build.in $(ARGS)

clean: ## remove what was generated; .venv stays
	git clean -fdXq docs site site-offline site-zensical site-offline.zip .cache

# One environment, and a stamp for each thing installed into it. An environment whose Python has
# gone, or that was moved or copied from elsewhere, is made anew.

usable := $(shell [ -x $(BIN)/python ] && grep -qsF ' $(CURDIR)/.venv' .venv/pyvenv.cfg && echo yes)

.venv/.python: $(if $(usable),,FORCE)
	@for python in $(or $(PYTHON),python3.11 python3); do \
	    "$$python" -c '' 2>/dev/null && break; \
	    python=; \
	done; \
	[ -n "$$python" ] || { echo 'Port Atlas needs Python 3.11 or newer: there is no $(or $(PYTHON),python3) here.' >&2; exit 1; }; \
	version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Port Atlas needs Python 3.11 or newer: $$python is $$version. Try: make PYTHON=..." >&2; exit 1; }; \
	"$$python" -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo "$$python cannot make virtual environments: apt-get install python$$version-venv" >&2; exit 1; }; \
	echo "Making .venv with $$python ($$version) ..."; \
	"$$python" -m venv --clear '$(CURDIR)/.venv'
	@touch $@

.venv/.site: .venv/.python requirements/site.txt pyproject.toml
	$(call install,site)
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.test: .venv/.site requirements/test.txt
	$(call install,test)
	@touch $@

# On a terminal pip shows its progress.
install = @echo 'Installing requirements/$(1).txt into .venv (once) ...'; \
	[ -t 1 ] || quiet=--quiet; \
	$(BIN)/pip install $$quiet --no-deps --require-hashes --requirement requirements/$(1).txt
