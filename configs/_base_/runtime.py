default_scope = 'mmpose'
custom_imports = dict(imports=['dfa_mm'], allow_failed_imports=False)

# read by MMPoseInferencer, as is the data sets' dataset_type
data_mode = 'topdown'

default_hooks = dict(
    timer=dict(type='IterTimerHook'),
    logger=dict(type='LoggerHook', interval=20),
    param_scheduler=dict(type='ParamSchedulerHook'),
    checkpoint=dict(
        type='CheckpointHook',
        interval=1,
        max_keep_ckpts=2,
        backend_args=dict(backend='whole_files'),
    ),
    sampler_seed=dict(type='DistSamplerSeedHook'),
    visualization=dict(type='PoseVisualizationHook', enable=False),
)

env_cfg = dict(
    cudnn_benchmark=True,
    mp_cfg=dict(mp_start_method='fork', opencv_num_threads=0),
    dist_cfg=dict(backend='nccl'),
)
randomness = dict(seed=0)
log_processor = dict(type='LogProcessor', window_size=20, by_epoch=True)
log_level = 'INFO'
load_from = None
resume = False
# a batch may leave a branch of stage 3 without samples
find_unused_parameters = True

visualizer = dict(
    type='FashionLandmarkVisualizer',
    vis_backends=[dict(type='LocalVisBackend')],
    name='visualizer',
)
