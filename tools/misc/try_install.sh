#!/usr/bin/env bash
# Install this checkout's HEAD with pip into a new environment, as a user does,
# run the command that `import dfa_mm` asks for, and predict from elsewhere.
#
#     tools/misc/try_install.sh FOLDER [PYTHON]
#
# FOLDER gets about 6 GB and must not exist.
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(realpath "$1")
mkdir "$folder"
cd "$folder"
"${2:-python3.11}" -m venv .
export PATH="$folder/bin:$PATH" PYTHONPATH=
pip install --quiet "git+file://$repository"
said=$(python -c 'import dfa_mm' 2>&1 | tail -1)
echo "$said"
bash -c "${said#*Run: }"
python - <<'EOF'
import mmpose.apis
import numpy as np

import dfa_mm

model = dfa_mm.load_default(device='cpu')
picture = np.full((300, 200, 3), 128, np.uint8)
box = np.array([[10, 10, 190, 290]])
(sample,) = mmpose.apis.inference_topdown(model, picture, box)
print(dfa_mm.__file__)
print(sample.pred_instances.keypoints.shape)
EOF
