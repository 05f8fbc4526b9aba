"""Do backbone, neck and head of a network fit each other?

Asked before a model is trained or used, by running a blank crop through it: a
wrong pairing would otherwise show in the first iteration, after the data have
been read, in the words of some matrix product.
"""

from typing import Callable, Optional, Sequence

import torch
from torch import Tensor, nn

from .cascade_stage import as_tuple

REMEDIES = dict(
    size='Give both the same size: its own (often img_size), or input_size '
    'of the codec',
    tokens='a sequence of tokens has no places: set model.backbone.out_type='
    "'featmap' (mmpretrain's transformers), model.backbone.features_only="
    'True (timm), or add a neck that makes maps (B, C, H, W) of it',
    vector='a vector has no places: set model.backbone.out_type='
    "'featmap' instead of a class token or an average (ConvNeXt: "
    'gap_before_final_norm=False), or model.head.pool_size=1 if it is meant',
    channels_last='these maps have their channels last: let the backbone or '
    'a neck permute them to (B, C, H, W)',
    no_map='expected a map (B, C, H, W) or a tuple of them: let the backbone '
    'return no class tokens beside its maps',
    neck='set model.neck.in_channels={found}, or the maps that the backbone '
    'puts out (out_indices)',
    head='set model.head.in_channels={found[0]}, or add a neck that makes '
    '{wanted} of them',
    unlike_maps='it reads the first and the last map, which need the same '
    'number of channels: add a neck, such as FPN with in_channels={found} '
    'and out_channels={wanted}',
)


class PairingError(ValueError):
    """Backbone, neck and head do not fit; says how to mend it."""


@torch.no_grad()
def check_pairings(model: nn.Module) -> None:
    """Run a blank crop through one network of every stage of a cascade.

    Training modes, statistics and random numbers stay as they were. A head
    without a decoder does not tell the size of its crops and is not checked,
    nor is a model without stages.

    Raises:
        PairingError: With the shapes and the remedy.
    """
    training = model.training
    model.eval()
    try:
        for number, stage in enumerate(getattr(model, 'stages', ()), start=1):
            network = stage.branches[0]
            backbone, neck = model.trunk_of(network)
            if network.head.decoder is not None:
                the = f'stage {number}: the'
                _check_network(backbone, neck, network.head, the)
    finally:
        model.train(training)


def _check_network(
    reader: nn.Module, neck: Optional[nn.Module], head: nn.Module, the: str
) -> None:
    width, height = head.decoder.input_size
    crop = next(head.parameters()).new_zeros(1, 3, height, width)
    source = backbone = f'backbone {type(reader).__name__}'
    what = f'{the} {backbone} cannot read crops of {width} x {height}'
    feats = _run(reader, crop, what, REMEDIES['size'])
    if neck is not None:
        source = f'neck {type(neck).__name__}'
        what = f'{the} {source} cannot read {_shapes(feats)} of the {backbone}'
        feats = _run(neck, feats, what, _remedy_for_neck(feats, neck))
    if head.pools_vectors and _shape(feats[-1])[1:] == (head.in_channels,):
        return
    remedy = _no_maps(feats, [head.in_channels]) or _channels(feats, head)
    if remedy:
        raise PairingError(
            f'{the} {source} gives {_shapes(feats)}, the head reads maps of '
            f'{head.in_channels} channels: {remedy}'
        )


def _run(module: Callable, inputs, what: str, remedy: str) -> tuple:
    try:
        return as_tuple(module(inputs))
    except Exception as error:  # any: the modules may be anybody's
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise PairingError(f'{what} ({reason}): {remedy}') from error


def _no_maps(feats: tuple, in_channels: Sequence[int]) -> str:
    """What to do about features that are no maps; empty if they are."""
    for shape in map(_shape, feats):
        if len(shape) not in (2, 3, 4):
            return REMEDIES['no_map']
        if len(shape) == 3:
            return REMEDIES['tokens']
        if len(shape) == 2:
            return REMEDIES['vector']
        if shape[-1] in in_channels and shape[1] not in in_channels:
            return REMEDIES['channels_last']
    return ''


def _remedy_for_neck(feats: tuple, neck: nn.Module) -> str:
    wanted = [
        m.in_channels for m in neck.modules() if isinstance(m, nn.Conv2d)
    ]
    return _no_maps(feats, wanted) or REMEDIES['neck'].format(
        found=[feat.shape[1] for feat in feats]
    )


def _channels(feats: tuple, head: nn.Module) -> str:
    """What to do about maps of other channels than the head reads."""
    read = {feats[i].shape[1] for i in head.maps_read}
    if read == {head.in_channels}:
        return ''
    remedy = REMEDIES['head' if len(read) == 1 else 'unlike_maps']
    found = read if len(read) == 1 else [feat.shape[1] for feat in feats]
    return remedy.format(found=list(found), wanted=head.in_channels)


def _shape(feat) -> tuple:
    """Empty for what is no tensor."""
    return tuple(feat.shape) if isinstance(feat, Tensor) else ()


def _shapes(feats: tuple) -> str:
    return ', '.join(str(_shape(f) or type(f).__name__) for f in feats)
