# Two commands are enough: `make brief` and `make test`. Each does its whole set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TEST_READY := $(VENV)/.test-ready

ALL_READY := $(VENV)/.all-ready
PYTEST := $(BIN)/pytest -n 2 --dist loadfile
# Tests beside the source, and the examples in docstrings.
EVERYTHING := --doctest-modules tests src/tocsin

.PHONY: brief quick test check style check-all mutants bench docs lock clean

brief: $(READY)
	@rm -rf build/workspace build/brief
	@$(BIN)/tocsin brief --workspace build/workspace --out build/brief

# Tests and code are compiled once and kept, even where the environment says that nothing is.
quick test check-all: export PYTHONDONTWRITEBYTECODE =

# For the inner loop: no browser, no walk of the road, nothing slow, few cases of each property.
quick: $(READY)
	$(PYTEST) -q --hypothesis-profile=quick -m "not slow and not walk and not browser and not release"

test: $(TEST_READY) style
	$(PYTEST) $(EVERYTHING) -m "not release" --durations=25 --durations-min=1

# Before a release: also what needs Java or a fresh environment, and more cases of each property.
# Where nothing is kept from an earlier run, imports and types take one core for a minute: they are
# looked at beside the tests.
# TOCSIN_WHOLE=1 asks for the numbers that do not fit into twenty minutes (tests/scale.py).
check-all: $(TEST_READY) $(ALL_READY) style
	@mkdir -p build; $(MAKE) --no-print-directory check > build/check.txt 2>&1 & check=$$!; \
	TOCSIN_FUZZ_CASES=20000 $(PYTEST) $(EVERYTHING) --hypothesis-profile=thorough --durations=40 --durations-min=1; \
	tests=$$?; wait $$check; check=$$?; cat build/check.txt; exit $$((tests + check))

# Do a room's tests see a change? ROOM is as under src/tocsin; at most MINUTES, or SAMPLE mutants;
# SEED=2 draws another sample; FILES="votes sources" for some files; AGAIN=1 for what survived before.
mutants: $(ALL_READY)
	@test -n "$(ROOM)" || { echo "Name a room: make mutants ROOM=plan" >&2; exit 2; }
	$(BIN)/python scripts/mutants.py $(ROOM) --minutes $(or $(MINUTES),60) \
		$(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED)) \
		$(if $(FILES),--files $(FILES)) $(if $(AGAIN),--again)

# Imports, types and the rules of the house (no circle, no second copy, no dependency that nothing
# imports); continuous integration runs it beside `make test`.
check: style
	$(BIN)/lint-imports
	$(BIN)/pytest -q -p no:cacheprovider tests/test_house.py
	$(BIN)/mypy

style: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# The lockfile holds hashes for every Python from 3.11 on; the package itself adds nothing to it.
$(READY): requirements.lock pyproject.toml scripts/setup.sh
	@PYTHON="$(PYTHON)" bash scripts/setup.sh
	@touch $@

# The browser and the text-layout library are Debian's; the tests look at real pages.
$(TEST_READY): $(READY) scripts/setup_test.sh
	@bash scripts/setup_test.sh
	@touch $@

$(ALL_READY): $(READY) scripts/setup_all.sh requirements-more.lock
	@bash scripts/setup_all.sh
	@touch $@

bench: $(READY)
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script; done

# The site of the documents, in build/docs; nothing is fetched, a warning is an error.
docs: $(READY)
	$(BIN)/sphinx-build -q -W --keep-going -b html docs build/docs
	@echo "Written: build/docs/index.html"

lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --all-extras --group dev pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --constraints requirements.lock --group spark --group mutants \
		-o requirements-more.lock

clean:
	rm -rf build $(VENV)
