# dfa_garments_real_stage3.py with composites of its photographs
# (docs/photos_data.md) besides.
#   FLATLAY_ROOT=data/flatlay_fld  STREET_ROOT=data/street_fld
#   WORN_ROOT=data/worn_composites
_base_ = './dfa_garments_real_stage3.py'

flat, street = _base_.sets['train']
composites = dict(flat, data_root='{{$WORN_ROOT:data/worn_composites}}')

train_dataloader = dict(
    dataset=dict(
        datasets=[flat, street, composites],
        sample_ratio_factor=[1.0, 1.5, 0.5],
    )
)
