"""Options that several commands share, each written once."""

from __future__ import annotations

from typing import Annotated

import typer

MANY = 1_000_000_000

DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would be done, and change nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Json = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
Made = Annotated[
    str,
    typer.Option("--format", metavar="FORMAT", help="Output: json, jsonl or ids of what was written. [ids in a pipe]"),
]
Facts = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json. [text]")]
Format = Annotated[
    str,
    typer.Option(
        "--format", metavar="FORMAT", help="table, json, jsonl, csv, tsv or ids. [a table on a terminal, else tsv]"
    ),
]
Limit = Annotated[int, typer.Option("--limit", "-l", metavar="N", min=0, max=MANY, help="At most N lines; 0 for all.")]
Text = Annotated[str, typer.Option("--message", "-m", metavar="TEXT", help="The text; - reads standard input.")]
Edit = Annotated[bool, typer.Option("--edit", "-e", help="Write the text in your editor.")]
When = Annotated[
    str, typer.Option("--when", metavar="WHEN", help='When it happened: "yesterday 3pm", 2026-11-20. [now]')
]
Tag = Annotated[list[str], typer.Option("--tag", metavar="TAG", help="Tag every record of the file; can be repeated.")]

HELP = "help"
"""What ``--columns`` takes to list the columns."""
Columns = Annotated[
    str, typer.Option("--columns", metavar="NAMES", help="Columns, separated by commas; help lists them.")
]
Query = Annotated[list[str] | None, typer.Argument(metavar="[QUERY]...", help="Terms like city:pune.")]
Ref = Annotated[list[str], typer.Argument(metavar="REF", help="An id, an e-mail, a phone, or words of a name.")]
Refs = Annotated[list[str], typer.Argument(metavar="REF...", help="Who; quote a full name. - reads ids from a pipe.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The field's name.")]
SettingName = Annotated[
    str, typer.Argument(metavar="SETTING", help="As in region, zone or mail_to; crm config list shows them all.")
]
New = Annotated[
    list[str],
    typer.Argument(metavar="NAME [FIELD=VALUE]... [+TAG]...", help="The name, then field values and tags."),
]
Edited = Annotated[
    list[str],
    typer.Argument(metavar="REF [FIELD=VALUE]... [+TAG]... [-TAG]...", help="The record, then the changes."),
]
