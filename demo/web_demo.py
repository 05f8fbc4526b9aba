#!/usr/bin/env python
"""Find the landmarks of the garment in a photograph, in a browser.

    python demo/web_demo.py [CONFIG CHECKPOINT] --port 7860

The page itself is projects/web_demo.
"""

import sys

from projects.web_demo.page import main

if __name__ == '__main__':
    sys.exit(main())
