"""Do backbone, neck and head of a network fit each other?

Asked before a model is trained or used, by running a blank crop through it: a
wrong pairing would otherwise show in the first iteration, after the data have
been read, in the words of some matrix product.
"""

from typing import Callable, Sequence, Tuple

import torch
from torch import Tensor, nn

from .stage_network import as_tuple

TOKENS = (
    'a sequence of tokens has no places: set model.backbone.out_type='
    "'featmap' (mmpretrain's transformers), model.backbone.features_only="
    'True (timm), or add a neck that makes maps (B, C, H, W) of it'
)
VECTOR = (
    'a vector has no places: set model.backbone.out_type='
    "'featmap' instead of a class token or an average (ConvNeXt: "
    'gap_before_final_norm=False), or model.head.pool_size=1 if it is meant'
)
CHANNELS_LAST = (
    'these maps have their channels last: let the backbone or a neck '
    'permute them to (B, C, H, W)'
)
NOT_MAPS = (
    'expected a map (B, C, H, W) or a tuple of them: let the backbone '
    'return no class tokens beside its maps'
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
            _check_stage(number, stage)
    finally:
        model.train(training)


def _check_stage(number: int, stage: nn.Module) -> None:
    try:
        if stage.input_size is not None:
            _check_network(stage.branches[0], stage.input_size)
    except PairingError as error:
        raise PairingError(f'stage {number}: {error}') from error


def _check_network(network: nn.Module, size: Tuple[int, int]) -> None:
    feats = _features(network, size)
    head = network.head
    if head.pools_vectors and _is_vector(feats[-1], head.in_channels):
        return
    advice = _advice(feats, [head.in_channels]) or _head_channels(feats, head)
    if advice:
        source = 'backbone' if network.neck is None else 'neck'
        raise PairingError(
            f'the {source} {_name(getattr(network, source))} gives '
            f'{_shapes(feats)}, the head reads maps of {head.in_channels} '
            f'channels: {advice}'
        )


def _features(network: nn.Module, size: Tuple[int, int]) -> Tuple[Tensor, ...]:
    """What backbone and neck make of a blank crop of (width, height)."""
    width, height = size
    crop = next(network.parameters()).new_zeros(1, 3, height, width)
    name = _name(network.backbone)
    feats = _run(
        network.backbone,
        crop,
        f'the backbone {name} cannot read crops of {width} x {height}',
        'Give both the same size: its own (often img_size), or input_size of '
        'the codec',
    )
    if network.neck is not None:
        feats = _run(
            network.neck,
            as_tuple(feats),
            f'the neck {_name(network.neck)} cannot read {_shapes(feats)} of '
            f'the backbone {name}',
            _advice(feats, _wanted(network.neck)) or _neck_channels(feats),
        )
    return as_tuple(feats)


def _run(module: Callable, inputs, what: str, remedy: str):
    try:
        return module(inputs)
    except Exception as error:  # any: the modules may be anybody's
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise PairingError(f'{what} ({reason}): {remedy}') from error


def _wanted(neck: nn.Module) -> Sequence[int]:
    """The channels that its convolutions are made for."""
    return [m.in_channels for m in neck.modules() if isinstance(m, nn.Conv2d)]


def _is_vector(feat, channels: int) -> bool:
    return isinstance(feat, Tensor) and feat.shape[1:] == (channels,)


def _advice(feats, in_channels: Sequence[int]) -> str:
    """What to do about features that are no maps; empty if they are."""
    for feat in as_tuple(feats):
        if not isinstance(feat, Tensor) or feat.ndim not in (2, 3, 4):
            return NOT_MAPS
        if feat.ndim == 3:
            return TOKENS
        if feat.ndim == 2:
            return VECTOR
        if feat.shape[-1] in in_channels and feat.shape[1] not in in_channels:
            return CHANNELS_LAST
    return ''


def _head_channels(feats: Tuple[Tensor, ...], head: nn.Module) -> str:
    """What to do about maps of other channels than the head reads."""
    found = [feats[i].shape[1] for i in head.maps_read]
    if set(found) == {head.in_channels}:
        return ''
    if len(set(found)) == 1:
        return (
            f'set model.head.in_channels={found[0]}, or add a neck that '
            f'makes {head.in_channels} of them'
        )
    return (
        'it reads the first and the last map, which need the same number of '
        'channels: add a neck, such as FPN with '
        f'in_channels={[feat.shape[1] for feat in feats]} and '
        f'out_channels={head.in_channels}'
    )


def _neck_channels(feats) -> str:
    channels = [feat.shape[1] for feat in as_tuple(feats)]
    return (
        f'set model.neck.in_channels={channels}, or the maps that the '
        'backbone puts out (out_indices)'
    )


def _shapes(feats) -> str:
    return ', '.join(
        str(tuple(feat.shape))
        if isinstance(feat, Tensor)
        else type(feat).__name__
        for feat in as_tuple(feats)
    )


def _name(module: nn.Module) -> str:
    return type(module).__name__
