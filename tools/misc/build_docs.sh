#!/usr/bin/env bash
# Build the site of README.md, docs/ and projects/ in site/; a broken link is
# an error. The tracked files are copied first: pages link to code and results
# beside docs/, as they do on GitHub, and nothing else is looked through.
set -euo pipefail
cd "$(dirname "$0")/../.."
rm -rf site/source
mkdir -p site/source
git ls-files -z -- '*.md' '*.py' '*.sh' '*.yml' '*.yaml' '*.json' '*.txt' \
    '*.png' '*.jpg' LICENSE | xargs -0 cp --parents -t site/source
NO_MKDOCS_2_WARNING=1 mkdocs build --strict
rm -rf site/source
echo 'site/html/index.html'
