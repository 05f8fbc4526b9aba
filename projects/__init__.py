"""Work that builds on dfa_mm: one folder each, see README.md."""
