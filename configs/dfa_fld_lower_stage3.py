# Lower-body clothes alone: waistline and hem.
_base_ = './dfa_fld_stage3.py'

train_dataloader = dict(dataset=dict(subset='lower'))
val_dataloader = dict(dataset=dict(subset='lower'))
test_dataloader = dict(dataset=dict(subset='lower'))

num_landmarks = 4
model = dict(head=dict(num_landmarks=num_landmarks))
