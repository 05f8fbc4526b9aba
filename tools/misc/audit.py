#!/usr/bin/env python
"""Hold lock files against the known vulnerabilities; says if it could not.

    python tools/misc/audit.py requirements/locks/3.11.txt [...]

Exit status: 1 if a pinned package is known to be vulnerable, else 0, also
where pip-audit's database cannot be reached; then the last line says so.
"""

import json
import subprocess
import sys
from typing import Dict, List, Optional, Sequence

AUDIT = (sys.executable, '-m', 'pip_audit', '--progress-spinner=off')
OPTIONS = ('--disable-pip', '--require-hashes', '--format=json')


def ask(locks: Sequence[str]) -> List[Dict]:
    """What the database says of each package; nothing if out of reach."""
    files = [option for lock in locks for option in ('--requirement', lock)]
    done = subprocess.run(
        [*AUDIT, *OPTIONS, *files], capture_output=True, text=True
    )
    try:
        return json.loads(done.stdout)['dependencies']
    except json.JSONDecodeError:
        lines = done.stderr.strip().splitlines()
        print(lines[-1] if lines else 'pip-audit said nothing')
        return []


def main(argv: Optional[Sequence[str]] = None) -> int:
    packages = ask(sys.argv[1:] if argv is None else argv)
    known = [package for package in packages if 'vulns' in package]
    bad = [package for package in known if package['vulns']]
    for package in bad:
        for vulnerability in package['vulns']:
            mended = ', '.join(vulnerability['fix_versions']) or 'no version'
            print(
                f'{package["name"]} {package["version"]}: '
                f'{vulnerability["id"]}, mended in {mended}'
            )
    if not known:
        print(
            'NOT AUDITED: the database of vulnerabilities could not be '
            'reached. Run `make audit` where it can.'
        )
    else:
        print(
            f'{len(known)} of {len(packages)} packages audited, '
            f'{len(bad)} vulnerable'
        )
    return int(bool(bad))


if __name__ == '__main__':
    sys.exit(main())
