# The paper's cascade with Eq. 2 and 4 to the letter, where
# dfa_fld_stage3.py follows the text round them (docs/reading.md): the routing
# score is not normalised and compared with 0.3, and the weights of the
# auxiliary losses jump to 0 at t1, grow until t2 and stay 0.
_base_ = './dfa_fld_stage3.py'

model = dict(router=dict(threshold=0.3, normalize=False))

custom_hooks = [
    dict(type='PseudoLabelHook'),
    dict(type='AuxiliaryWeightHook', t1=2000, t2=4000, as_printed=True),
]
