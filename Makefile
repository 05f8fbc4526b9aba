# make train   set up, draw SynthFLD, train the three stages, show the results
# make test    set up, run the test suite
# make web     set up, also for the web page (demo/web_demo.py)
# make lint    set up, check format and style     (make format repairs them)
PYTHON ?= python3.11
VENV ?= .venv
NUM ?= 3000
SYNTHFLD_ROOT ?= data/synthfld
export SYNTHFLD_ROOT

BIN := $(VENV)/bin
READY := $(VENV)/.ready
WEB_READY := $(VENV)/.web_ready
LISTS := $(SYNTHFLD_ROOT)/Eval/list_eval_partition.txt
DATA := $(SYNTHFLD_ROOT)/annotations/fld_all_test.json
WEIGHTS := data/weights/efficientnet_lite0.pth
SOURCES := dfa_mm configs projects tools tests demo setup.py

.PHONY: setup train test web lint format
setup: $(READY)

$(READY): requirements/lock.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check \
	    --only-binary=:all: -r requirements/lock.txt
	$(BIN)/python -m pip install --disable-pip-version-check \
	    --only-binary=:all: --no-deps mmpose==1.3.2
	$(BIN)/python -m pip install --disable-pip-version-check \
	    --no-deps --no-build-isolation -e .
	touch $@

$(WEB_READY): requirements/web_lock.txt $(READY)
	$(BIN)/python -m pip install --disable-pip-version-check \
	    --only-binary=:all: --no-deps -r requirements/web_lock.txt
	touch $@

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

web: $(WEB_READY)

lint: $(READY)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)

format: $(READY)
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)
