"""``dfa convert synth``: draws SynthFLD."""

import argparse
import time

from projects.synthfld import write_synth_fld
from projects.synthfld.fld_files import state_shares


def run(args: argparse.Namespace) -> None:
    start = time.perf_counter()
    samples = write_synth_fld(**vars(args))
    seconds = time.perf_counter() - start
    print(f'{args.num} pictures in {seconds:.1f} s, in {args.out}')
    print(state_shares(samples))
