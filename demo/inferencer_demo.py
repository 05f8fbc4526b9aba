#!/usr/bin/env python
"""MMPose's own inferencer_demo.py, with the same command line.

    python demo/inferencer_demo.py shirt.jpg --pose2d CONFIG \
        --pose2d-weights CHECKPOINT --det-model whole_image \
        --vis-out-dir out --pred-out-dir out

It imports dfa_mm first, without which MMPose does not run beside mmcv-lite;
with the full mmcv MMPose's script can be called itself.
"""

import runpy
import sys
from pathlib import Path

import dfa_mm  # noqa: F401  (registers, and closes gaps of the stack)

# isort: split
import mmpose

SCRIPT = Path(mmpose.__file__).parent / '.mim/demo/inferencer_demo.py'


def main() -> None:
    if not SCRIPT.is_file():
        sys.exit(
            f'error: this MMPose comes without its demos ({SCRIPT}); install '
            'it from its wheel: pip install --no-deps mmpose==1.3.2'
        )
    runpy.run_path(str(SCRIPT), run_name='__main__')


if __name__ == '__main__':
    main()
