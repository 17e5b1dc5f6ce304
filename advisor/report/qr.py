"""QR codes as plain SVG shapes, for the screen and for paper."""

from __future__ import annotations

QUIET = 4  # modules of empty border, as the standard asks


def shape(text: str) -> tuple[int, str]:
    """Return the width of a QR code in modules, border included, and its dark modules as the path of an SVG."""
    import segno  # noqa: PLC0415  (only where a link is made)

    rows = tuple(segno.make(text, error="m", micro=False).matrix)
    dark = [f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module]
    return len(rows) + 2 * QUIET, "".join(dark)


def picture(text: str) -> str:
    """Return a QR code as an SVG picture, dark on white."""
    width, dark = shape(text)
    ground = f'<path fill="#fff" d="M0 0h{width}v{width}h-{width}z"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {width}" shape-rendering="crispEdges">'
        f'{ground}<path d="{dark}"/></svg>'
    )
