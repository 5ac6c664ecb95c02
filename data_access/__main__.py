"""`python -m data_access`: the command line."""

import sys

from data_access.cli import main

sys.exit(main())
