# As test_on_fld_layout.py, with the whole picture in place of the box.
_base_ = './dfa_any_photo_larger.py'

# as in dfa_mm_default.py
model = dict(backbone=dict(init_cfg=None))

whole = dict(type='RandomContext', prob=1.0, whole_prob=1.0, padding=1.15)
pipeline = [dict(type='LoadImage'), whole, *_base_.test_pipeline[2:]]

test_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='FLDDataset',
        data_root=_base_.data_root,
        subset='all',
        split='test',
        test_mode=True,
        pipeline=pipeline,
    )
)
