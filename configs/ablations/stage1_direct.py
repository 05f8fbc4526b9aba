# Paper, Table 2, stage 1: "direct regression", landmarks and visibility alone.
# DFA_CASCADE names the cascade that all ablations are of: dfa_fld (default),
# dfa_photos, dfa_synthfld, backbones/dfa_fld_efficientnet-lite0, dfa_lsp ...
_base_ = '../{{$DFA_CASCADE:dfa_fld}}_stage3.py'

model = dict(stages=[dict(pseudo_label=None)], num_stages=1)
