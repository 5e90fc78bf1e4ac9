"""``python -m crm_cli`` is ``crm``."""

from crm_cli.entry import main

main()
