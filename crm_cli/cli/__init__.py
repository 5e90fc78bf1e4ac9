"""The command line: parse, call a query or a service, render. One module per noun, loaded when it is named."""
