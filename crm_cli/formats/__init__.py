"""Read and write contact files: vCard 2.1 to 4.0 and the CSV of many products. Start at ``open.open_source``."""
