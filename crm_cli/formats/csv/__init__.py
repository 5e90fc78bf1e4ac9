"""CSV files: detect the product that wrote one, read its rows into drafts, write our own CSV."""
