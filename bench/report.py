"""Tables of figures for people to read."""


def print_table(title: str, rows: list[tuple[str, str, str]]) -> None:
    """Print rows of (what, figure, goal or remark), aligned."""
    print(f"\n{title}")
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    for what, figure, remark in rows:
        print(f"  {what:<{widths[0]}}  {figure:>{widths[1]}}  {remark}".rstrip())
