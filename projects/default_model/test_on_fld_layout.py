# The default model on one set in FLD's layout:
#   FLD_ROOT=data/flatlay_fld  FLD_SPLIT=test
# With the whole picture in place of the box:
#   VIEW=whole
_base_ = './dfa_mm_default.py'

view = dict(
    box=dict(type='GetBBoxCenterScale', padding=1.15),
    whole=dict(type='RandomContext', prob=1.0, whole_prob=1.0, padding=1.15),
)['{{$VIEW:box}}']
pipeline = [dict(type='LoadImage'), view, *_base_.test_pipeline[2:]]

test_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='FLDDataset',
        data_root=_base_.data_root,
        subset='all',
        split='{{$FLD_SPLIT:test}}',
        test_mode=True,
        pipeline=pipeline,
    )
)
