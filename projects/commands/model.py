"""The model of a command line, and what its machine must have."""

import argparse
import sys

from torch import nn

from dfa_mm.apis import (
    choose_device,
    default_model_files,
    load_model,
)

from . import threads

DRAWN = (
    'note: {} was trained on drawn garments alone: it is not for photographs, '
    'for which the model is that comes with dfa_mm (name neither CONFIG nor '
    'CHECKPOINT)'
)


def model_from(args: argparse.Namespace) -> nn.Module:
    """The model of the command line; sets ``config`` and ``checkpoint``."""
    threads.settle(args.threads)
    device = choose_device(args.model_device)
    if args.config is None:
        args.config, args.checkpoint = default_model_files()
    model = load_model(args.config, args.checkpoint, device, args.flip_test)
    if getattr(model, 'trained_on', None) == 'drawn':
        print(DRAWN.format(args.checkpoint), file=sys.stderr)
    return model
