"""Options that several commands share, each written once."""

from __future__ import annotations

from typing import Annotated

import typer

DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Do the work, show it, and roll it back.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Json = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
Format = Annotated[
    str,
    typer.Option(
        "--format", metavar="FORMAT", help="table, json, jsonl, csv, tsv or ids. [a table on a terminal, else tsv]"
    ),
]
Limit = Annotated[int, typer.Option("--limit", "-l", min=0, help="At most so many lines; 0 for all.")]
Text = Annotated[str, typer.Option("--message", "-m", metavar="TEXT", help="The text; - reads standard input.")]
Edit = Annotated[bool, typer.Option("--edit", "-e", help="Write the text in your editor.")]
When = Annotated[
    str, typer.Option("--when", metavar="WHEN", help='When it happened: "yesterday 3pm", 2026-11-20. [now]')
]
Tag = Annotated[list[str], typer.Option("--tag", metavar="TAG", help="Put into this set; may repeat.")]
