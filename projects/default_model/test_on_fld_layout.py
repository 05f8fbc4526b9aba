# The default model on one set in FLD's layout, each garment in its box:
#   FLD_ROOT=data/flatlay_fld
# On the validation split:
#   --cfg-options test_dataloader.dataset.split=val
_base_ = './dfa_any_photo_larger.py'

# as in dfa_mm_default.py
model = dict(backbone=dict(init_cfg=None))

test_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='FLDDataset',
        data_root=_base_.data_root,
        subset='all',
        split='test',
        test_mode=True,
        pipeline=_base_.test_pipeline,
    )
)
