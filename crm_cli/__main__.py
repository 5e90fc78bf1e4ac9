"""Run ``crm`` as ``python -m crm_cli``."""

from crm_cli.entry import main

main()
