# The paper's cascade on Leeds Sports Pose. Trains stages 1 and 2 first where
# they are missing.
_base_ = './_base_/dfa_lsp.py'
