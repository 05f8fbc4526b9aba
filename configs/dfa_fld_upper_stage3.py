# Upper-body clothes alone: no waistline.
_base_ = './dfa_fld_stage3.py'

train_dataloader = dict(dataset=dict(subset='upper'))
val_dataloader = dict(dataset=dict(subset='upper'))
test_dataloader = dict(dataset=dict(subset='upper'))

num_landmarks = 6
model = dict(head=dict(num_landmarks=num_landmarks))
