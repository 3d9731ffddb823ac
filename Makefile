# Every target is one line: make demo · test · check · bench · soak · browser · lock
PY := .venv/bin/python
READY := .venv/.ready
# Tests start about a hundred processes: without compiled modules each would compile a thousand anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check bench soak browser lock

demo: $(READY)
	@$(PY) -m jiceng demo $(ARGS)

test: $(READY)
	@$(PY) -m pytest -n auto --dist worksteal -m "not browser and not soak" $(ARGS)

check: $(READY)
	@$(PY) -m ruff check . && $(PY) -m ruff format --check . && $(PY) -m mypy && .venv/bin/lint-imports

bench: $(READY)
	@$(PY) -m jiceng bench $(ARGS)

soak: $(READY)
	@$(PY) -m pytest -n 4 --dist worksteal -m soak $(ARGS)

browser: $(READY)
	@$(PY) -m pytest -m browser $(ARGS)

lock: $(READY)
	@$(PY) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --group build --group dev pyproject.toml -o requirements.lock

$(READY): requirements.lock pyproject.toml $(wildcard plugins/*/pyproject.toml) .ci/install
	@sh .ci/install
