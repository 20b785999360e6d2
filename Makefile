# Two commands are enough: `make brief` and `make test`. Each does its whole set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TEST_READY := $(VENV)/.test-ready

.PHONY: brief test check bench docs lock clean

brief: $(READY)
	@rm -rf build/workspace build/brief
	@$(BIN)/tocsin brief --workspace build/workspace --out build/brief

test: $(TEST_READY) check
	$(BIN)/pytest -n 2 --dist loadfile

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The lockfile holds hashes for every Python from 3.11 on; the package itself adds nothing to it.
$(READY): requirements.lock pyproject.toml scripts/setup.sh
	@PYTHON="$(PYTHON)" bash scripts/setup.sh
	@touch $@

# The browser and the text-layout library are Debian's; the tests look at real pages.
$(TEST_READY): $(READY) scripts/setup_test.sh
	@bash scripts/setup_test.sh
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

clean:
	rm -rf build $(VENV)
