import re
import shutil
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent


def requirements(name: str) -> list:
    lines = (HERE / 'requirements' / f'{name}.txt').read_text().splitlines()
    lines = [line.split('#')[0].strip() for line in lines]
    return [line for line in lines if line and not line.startswith('-')]


# The commands, what they run, and the detector with its files. `projects`
# itself is no package there: it stays open to others' projects.
DETECTOR = 'projects.garment_detector'
PROJECTS = (
    *('projects.commands', 'projects.commands.arguments', DETECTOR),
    *('projects.synthfld', 'projects.web_demo'),
)
# what `mim` and load_default() look for in an installed package
PACKED = ('configs', 'projects/default_model', 'projects/reproduction/configs')
LEFT_OUT = ('__pycache__', 'tests', 'conftest.py')


class BuildWithConfigs(build_py):
    """Ships configs, the default model and the index where mim looks."""

    def run(self):
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib, 'dfa_mm', '.mim')
            for folder in PACKED:
                shutil.copytree(
                    HERE / folder,
                    target / folder,
                    ignore=shutil.ignore_patterns(*LEFT_OUT),
                    dirs_exist_ok=True,
                )
            shutil.copy(HERE / 'model-index.yml', target)


setup(
    cmdclass={'build_py': BuildWithConfigs},
    name='dfa_mm',
    version=re.search(
        r"'(.+)'", (HERE / 'dfa_mm' / 'version.py').read_text()
    ).group(1),
    description='Deep Fashion Alignment: fashion landmarks in MMPose',
    long_description=(HERE / 'README.md').read_text(encoding='utf-8'),
    long_description_content_type='text/markdown',
    license='Apache-2.0',
    # the root on the path of an editable install: projects are found, too
    package_dir={'': '.'},
    packages=[*find_packages(include=['dfa_mm', 'dfa_mm.*']), *PROJECTS],
    entry_points={'console_scripts': ['dfa = projects.commands:main']},
    package_data={DETECTOR: ['README.md', '*.pth', '*.txt', 'configs/*.py']},
    python_requires='>=3.9',
    install_requires=requirements('install'),
    extras_require={
        name: requirements(name) for name in ('test', 'lint', 'pretrained')
    },
)
