# Full-body clothes alone.
_base_ = './dfa_fld_stage3.py'

train_dataloader = dict(dataset=dict(subset='full'))
val_dataloader = dict(dataset=dict(subset='full'))
test_dataloader = dict(dataset=dict(subset='full'))
