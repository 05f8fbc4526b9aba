import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent


def requirements(name: str) -> list:
    lines = (HERE / 'requirements' / f'{name}.txt').read_text().splitlines()
    lines = [line.split('#')[0].strip() for line in lines]
    return [line for line in lines if line and not line.startswith('-')]


setup(
    name='dfa_mm',
    version=re.search(
        r"'(.+)'", (HERE / 'dfa_mm' / 'version.py').read_text()
    ).group(1),
    description='Deep Fashion Alignment: fashion landmarks in MMPose',
    long_description=(HERE / 'README.md').read_text(encoding='utf-8'),
    long_description_content_type='text/markdown',
    license='Apache-2.0',
    packages=find_packages(include=['dfa_mm', 'dfa_mm.*']),
    python_requires='>=3.9',
    install_requires=requirements('install'),
    extras_require={
        name: requirements(name) for name in ('test', 'lint', 'pretrained')
    },
)
