# make train   set up, draw SynthFLD, train the three stages, show the results
# make test    set up, run the test suite
# make lint    set up, check format and style     (make format repairs them)
# make docs    set up, build the site of docs/ in site/, strictly
# make audit   set up, hold the lock against the known vulnerabilities
# make mutants set up, change the numeric core and see whether a test notices
# make locks   pin anew what requirements/*.txt ask for (needs uv)
# make setup TORCH=cpu    PyTorch without CUDA, 3.4 GB less (docs/installing.md)
PYTHON ?= python3.11
VENV ?= .venv
NUM ?= 3000
SYNTHFLD_ROOT ?= data/synthfld
export SYNTHFLD_ROOT

BIN := $(VENV)/bin
READY := $(VENV)/.ready
LISTS := $(SYNTHFLD_ROOT)/Eval/list_eval_partition.txt
DATA := $(SYNTHFLD_ROOT)/annotations/fld_all_test.json
WEIGHTS := data/weights/efficientnet_lite0.pth
VERSION := $(shell $(PYTHON) -c \
    'import sys; print("%d.%d" % sys.version_info[:2])')
LOCK := requirements/locks/$(VERSION)
PIP := $(BIN)/python -m pip install --disable-pip-version-check --no-deps
TORCH ?= locked
TORCH_locked = $(PIP) --require-hashes --only-binary=:all: -r $(LOCK)-torch.txt
# the same versions as PyTorch's own index has them, without hashes
TORCH_cpu = $(PIP) --index-url https://download.pytorch.org/whl/cpu \
    $$(grep -oE '^torch(vision)?==[^ ]+' $(LOCK)-torch.txt)
SOURCES := dfa_mm configs projects tools tests demo setup.py \
    $(wildcard conftest.py)

.PHONY: setup train test lint format docs audit mutants locks
setup: $(READY)

# hashes are checked; the locks name all there is, so nothing is resolved
$(READY): $(LOCK).txt $(LOCK)-torch.txt
	$(PYTHON) -m venv $(VENV)
	$(or $(TORCH_$(TORCH)),$(error TORCH=$(TORCH) is neither locked nor cpu))
	$(PIP) --require-hashes --only-binary=:all: -r $(LOCK).txt
	$(PIP) --no-build-isolation -e .
	touch $@

$(LOCK).txt $(LOCK)-torch.txt:
	$(error $(PYTHON) is Python $(VERSION), which is not tested; \
	    take one of $(sort $(wildcard requirements/locks/3.??.txt)))

# an interrupted drawing is drawn again; what something else wrote is refused
$(LISTS): | $(READY)
	$(BIN)/python tools/dataset_converters/synth_fld.py $(SYNTHFLD_ROOT) \
	    --num $(NUM) --seed 0 --overwrite

# a complete set is not drawn again, whoever made it
$(DATA): | $(LISTS)
	$(BIN)/python tools/dataset_converters/fld2coco.py $(SYNTHFLD_ROOT)

$(WEIGHTS): | $(READY)
	$(BIN)/python tools/misc/get_pretrained.py $(@D) --only lite0

train: $(READY) $(DATA) $(WEIGHTS)
	$(BIN)/python tools/train.py configs/dfa_synthfld_stage3.py

test: $(READY)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2

docs: $(READY)
	PATH="$(BIN):$$PATH" tools/misc/build_docs.sh

audit: $(READY)
	$(BIN)/python tools/misc/audit.py $(LOCK).txt $(LOCK)-torch.txt

mutants: $(READY)
	$(PIP:--no-deps=) -r requirements/mutants.txt
	OMP_NUM_THREADS=1 $(BIN)/python -W ignore tools/misc/mutants.py

locks:
	$(PYTHON) tools/misc/lock.py

lint: $(READY)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)

format: $(READY)
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)
