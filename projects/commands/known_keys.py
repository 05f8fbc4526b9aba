"""Which keys a part of a config takes: what is misspelt would be ignored.

A key is known where the class that is built there takes it, or where MMEngine
or MMPose ask for it.
"""

import re
from collections.abc import Mapping

from mmengine.config import Config
from mmengine.optim import OptimWrapper
from mmengine.runner import (
    EpochBasedTrainLoop,
    IterBasedTrainLoop,
    Runner,
    set_random_seed,
)
from torch.utils.data import DataLoader

from dfa_mm.apis import InputError
from dfa_mm.apis.scope import OWN_SCOPE
from dfa_mm.engine.stages import OWN
from dfa_mm.models.pose_estimators.cascade_stage import CascadeStage
from dfa_mm.models.pose_estimators.stage_configs import merged
from dfa_mm.models.pseudo_labels import PseudoLabel
from dfa_mm.models.routers import ErrorRouter

from .registered import (
    Taken,
    class_of,
    known_names,
    nearest,
    parameters_of,
    typed_parts,
)

TYPE = 'type'
ALWAYS = {TYPE, '_scope_', '_delete_'}
STAGE = r'model\.stages\.\d+'
SHARED = ('backbone', 'head', 'neck')
# By the pattern of a part's path what it takes, beside the parameters of the
# class that its type names.
TAKEN = {
    '': (
        *(Runner, {'auto_scale_lr', 'launcher', 'default_scope', OWN}),
        {'custom_imports', 'find_unused_parameters', 'compile'},
    ),
    r'\w+_dataloader': (
        *(DataLoader, {'dataset', 'sampler', 'batch_sampler', 'collate_fn'}),
        {'num_batch_per_epoch', 'worker_init_fn'},
    ),
    'train_cfg': (EpochBasedTrainLoop, IterBasedTrainLoop, {'by_epoch'}),
    '(val|test)_cfg': ({'fp16'},),
    'optim_wrapper': (
        *(OptimWrapper, {'constructor', 'paramwise_cfg', 'loss_scale'}),
        {'dtype', 'use_fsdp'},
    ),
    r'optim_wrapper\.paramwise_cfg': (
        {'custom_keys', 'bias_lr_mult', 'bias_decay_mult', 'num_layers'},
        {'norm_decay_mult', 'dwconv_decay_mult', 'dcn_offset_lr_mult'},
        {'bypass_duplicate', 'flat_decay_mult', 'layer_decay_rate'},
    ),
    r'optim_wrapper\.clip_grad': ({'max_norm', 'norm_type'},),
    r'param_scheduler(\.\d+)?': ({'convert_to_iter_based'},),
    r'(default|custom)_hooks\.\w+': ({'priority'},),
    'randomness': (set_random_seed,),
    'auto_scale_lr': ({'enable', 'base_batch_size'},),
    r'model\.router': (ErrorRouter,),
    STAGE: (CascadeStage,),
    rf'{STAGE}\.pseudo_label': (PseudoLabel,),
    # all that MMPose's estimators and heads and those of dfa_mm ask for
    r'model\.(.+\.)?test_cfg': (
        {'flip_test', 'flip_mode', 'shift_heatmap', 'shift_coords'},
        {'output_heatmaps', 'output_keypoint_indices', 'type_known'},
        {'multiscale_test', 'blur_kernel_size', 'score_thr', 'iou_thr'},
        {'nms_thr', 'score_threshold', 'input_size', 'max_num_people'},
    ),
}


def taken(node: Mapping, where: str, scope: str = OWN_SCOPE) -> Taken:
    """The keys that a part of a config takes.

    Args:
        where (str): Its path.
        scope (str): Of the config, where its types are looked for.
    """
    names = set(ALWAYS)
    for pattern, sources in TAKEN.items():
        if re.fullmatch(pattern, where):
            for source in sources:
                own = isinstance(source, set)
                names |= source if own else parameters_of(source).names
    if isinstance(node.get(TYPE), str):
        kind = class_of(node[TYPE], node.get('_scope_', scope))
        if kind is None:
            return Taken(names, True)
        own, others = parameters_of(kind)
        return Taken(names | own, others)
    return Taken(names, False)


def whole(cfg: Config, node: Mapping, where: str) -> Mapping:
    """A part of a config; of a stage with what all stages are built from."""
    if not re.fullmatch(STAGE, where):
        return node
    shared = {key: cfg.model[key] for key in SHARED if key in cfg.model}
    return merged(shared, dict(node))


def check_config(cfg: Config) -> None:
    """Whether the classes of a config are there and take what they are given.

    Raises:
        InputError: Names the first part where not, and what is nearest.
    """
    known, scope = known_names(), cfg.get('default_scope') or OWN_SCOPE
    own = taken({}, '').names  # a config's other names are for itself
    parts = {key: value for key, value in cfg.items() if key in own}
    for where, part in typed_parts(parts):
        name, place = part[TYPE], f'{cfg.filename}: {where}'
        if class_of(name, part.get('_scope_', scope)) is None:
            raise InputError(
                f'{place}.type is {name!r}, which names nothing that is '
                f'registered{nearest(name.rpartition(".")[2], known)}; a '
                'class of your own is imported by custom_imports'
            )
        takes, others = taken(part, where, scope)
        for key in () if others else part:
            if key not in takes:
                raise InputError(
                    f'{place} is given {key!r}, which {name} does not take'
                    f'{nearest(key, takes)}'
                )
