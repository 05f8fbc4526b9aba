import shutil
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent

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


# everything else is in pyproject.toml
setup(
    cmdclass={'build_py': BuildWithConfigs},
    # the root on the path of an editable install: projects are found, too
    package_dir={'': '.'},
    packages=[*find_packages(include=['dfa_mm', 'dfa_mm.*']), *PROJECTS],
    package_data={
        'dfa_mm': ['py.typed'],
        DETECTOR: ['README.md', '*.pth', '*.txt', 'configs/*.py'],
    },
)
