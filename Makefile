# Every target sets up what it needs; PYTHON names the interpreter to build the virtual environment with.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
STAMP = $(VENV)/.installed
EMULATOR = $(VENV)/emulate

SOAK = 2000
# Laws on a few examples; `make full` tries them on more.
QUICK = -n auto --dist loadgroup -m "not slow" --hypothesis-profile=quick
# Branch coverage nearly doubles the time that tests take: CI measures it.
COVERAGE = --cov --cov-report=term --cov-fail-under=88

.PHONY: demo test full soak mutants speed check coverage lowest pythons audit docs package readme browser java caldav-servers screens languages format clean

demo: $(STAMP)  ## the report on four invented calendars
	$(BIN)/calsight demo

test: $(STAMP)  ## the tests, save the slow ones
	$(BIN)/python -m pytest $(QUICK)

full: $(STAMP) browser java emulator caldav-servers  ## the slow tests: real servers, browsers and engines, many processes; laws on more examples
	$(BIN)/python -m pytest -n auto --dist loadgroup -m "slow or hypothesis"

soak: $(STAMP)  ## the laws alone, on fresh examples; SOAK=20000 draws more. What falls out becomes an example in the test
	CALSIGHT_SOAK=$(SOAK) $(BIN)/python -m pytest -n auto -m hypothesis --hypothesis-profile=soak
	CALSIGHT_SOAK=$(SOAK) $(BIN)/python -m pytest tests/org/test_golden.py

mutants: $(STAMP)  ## what no test of core notices; ROOMS="time people/owner.py" tries those only
	$(BIN)/python -m pip install --quiet --group mutants
	$(BIN)/python benchmarks/mutants $(ROOMS)

speed: $(STAMP)  ## the figures of docs/decisions/fast-ics.md and imports.md, on a quiet machine; CALENDAR=FILE reads another too
	$(BIN)/python benchmarks/ics.py --entries 20000 --peers ours upstream libical
	$(if $(CALENDAR),$(BIN)/python benchmarks/ics.py --entries --calendar $(CALENDAR) --repeats 1 --peers ours upstream libical)
	$(BIN)/python benchmarks/ics.py --entries 2000 200000 --repeats 1 --peers ours
	$(BIN)/python benchmarks/report.py
	$(BIN)/python benchmarks/report.py --short

check: $(STAMP)  ## format, lint, types, import rules, tests; CI runs this with branch coverage, and make full
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy examples
	$(BIN)/lint-imports
	$(BIN)/python -m pytest $(QUICK) $(MEASURED)

coverage: MEASURED = $(COVERAGE)
coverage: check  ## make check, with branch coverage

docs: $(STAMP)  ## the documentation as a site: build/site/index.html
	$(BIN)/python -m pip install --quiet --group docs
	$(BIN)/python .ci/site.py

package: $(STAMP)  ## what would be published, built twice and tried far from here; PYTHONS="python3.12 python3.13" tries it on these
	$(BIN)/python -m pip install --quiet --group package
	$(BIN)/python .ci/package.py $(if $(PYTHONS),--python $(PYTHONS),--licences)

readme: package  ## the first screen of the README, as a new user with an empty home and no git
	$(BIN)/python .ci/readme.py

java:  ## a Java for the tests of calsight org on Spark, where one may be installed; without it those tests are skipped
	@if command -v java >/dev/null; then exit 0; fi; \
	if test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq >/dev/null && \
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null; \
	then :; else echo "No Java here and none that could be installed: the tests on Spark will be skipped."; fi

# What shows soonest that a library or a Python is too old or too new.
FAST = tests/cli/test_main.py tests/settings tests/core/time tests/core/rate/test_exposure.py tests/test_demo.py \
  tests/connectors/ics/test_oddities.py tests/connectors/ics/test_rules.py

lowest: $(STAMP)  ## the fast tests with every library as old as pyproject.toml allows
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python $(VENV)/lowest
	$(BIN)/uv pip install --quiet --python $(VENV)/lowest/bin/python --resolution lowest-direct --editable '.[all]' --group fast
	$(VENV)/lowest/bin/python -m pytest -q -p no:cacheprovider -n auto $(FAST)

pythons: $(STAMP)  ## the fast tests on each other Python that is here, pyenv's too
	$(BIN)/python -m pip install --quiet uv
	@export PYENV_VERSION="$$(pyenv versions --bare 2>/dev/null | paste -sd: -)"; \
	for version in 3.11 3.12 3.13 3.14; do \
	  found=$$($(BIN)/uv python find --no-python-downloads --no-project --system $$version 2>/dev/null) \
	    || { echo "There is no Python $$version here: not tried."; continue; }; \
	  $$found -c 'import sys; sys.exit(sys.version_info[:2] == tuple(map(int, sys.argv[1].split("."))))' \
	    "$$($(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')" || continue; \
	  echo "Python $$version:" && $(BIN)/uv venv --quiet --allow-existing --python $$found $(VENV)/$$version && \
	  $(BIN)/uv pip install --quiet --python $(VENV)/$$version/bin/python --editable '.[all]' --group fast && \
	  $(VENV)/$$version/bin/python -m pytest -q -p no:cacheprovider -n auto $(FAST) || exit 1; \
	done

audit: $(STAMP)  ## known vulnerabilities of what is installed, where the service that knows them can be asked
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip freeze --quiet --exclude-editable --python $(BIN)/python > $(VENV)/installed.txt && rm -f $(VENV)/audit.json
	@$(BIN)/uv tool run pip-audit --progress-spinner off --no-deps --disable-pip --requirement $(VENV)/installed.txt \
	  --format json --output $(VENV)/audit.json 2>/dev/null; $(BIN)/python .ci/audit.py $(VENV)/audit.json

browser:  ## a Chromium for tests/browser, where one may be installed; without it those tests are skipped
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq >/dev/null && \
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-core >/dev/null; \
	then :; else echo "No Chromium here and none that could be installed: the browser tests will be skipped."; fi

DAVICAL = $(VENV)/davical

INSTALL = test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq >/dev/null && \
	DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends

caldav-servers:  ## Cyrus, sabre/dav, DAViCal and SOGo, where they may be installed; without them their tests are skipped
	@if test -x /usr/sbin/cyrmaster && command -v saslpasswd2 >/dev/null && command -v php >/dev/null && \
	test -d /usr/share/doc/php-sabre-dav; then :; \
	elif $(INSTALL) cyrus-caldav cyrus-imapd sasl2-bin php-sabre-dav php-cli php-sqlite3 php-xml php-mbstring >/dev/null; then :; \
	else echo "No Cyrus and sabre/dav here and none that could be installed: their tests will be skipped."; fi
	@if test -x /usr/sbin/sogod && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then :; \
	elif $(INSTALL) postgresql sogo memcached >/dev/null; then :; \
	else echo "No SOGo and PostgreSQL here and none that could be installed: tests of SOGo and DAViCal will be skipped."; fi
	@test -d $(DAVICAL)/usr/share/davical || { command -v apt-get >/dev/null && command -v php >/dev/null && mkdir -p $(DAVICAL) && \
	cd $(DAVICAL) && apt-get download -qq davical libawl-php "php$$(php -r 'echo PHP_MAJOR_VERSION.".".PHP_MINOR_VERSION;')-pgsql" \
	2>/dev/null && for one in *.deb; do dpkg-deb -x "$$one" .; done; } || echo "DAViCal could not be had: its tests will be skipped."

emulator: $(EMULATOR)  ## an independent Google and Entra, on Node 20 or newer; without it its tests are skipped

$(EMULATOR): | $(STAMP)
	@if command -v npm >/dev/null; then \
	  npm install --silent --no-audit --no-fund --prefix $(EMULATOR).new emulate@0.11.2 && mv $(EMULATOR).new $(EMULATOR) \
	    || echo "The emulator could not be installed: its tests will be skipped."; \
	else echo "There is no npm here: the emulator's tests will be skipped."; fi

screens: $(STAMP)  ## docs/screens.md and docs/screens anew; needs Chromium, poppler-utils and imagemagick
	$(BIN)/python docs/make_screens.py
	$(BIN)/python docs/make_report_screens.py

languages: $(STAMP)  ## bring the translations up to the catalogue of words, and say what is left to translate
	$(BIN)/python docs/make_languages.py

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(STAMP): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "calsight needs Python 3.11 or newer; name one with: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable '.[all]' --group dev
	touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .coverage .coverage.*
