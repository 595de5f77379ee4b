"""Security headers of every answer."""

from collections.abc import Iterable

from flask import Flask, Response

PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"


def content_policy(script_hashes: Iterable[str]) -> str:
    """Content-Security-Policy without any outside origin.

    Dash starts itself with one inline script, which is allowed by its hash; plotly, Mantine and AG Grid set styles
    from scripts, so inline styles are allowed; the map decodes in workers made from blobs.

    Parameters
    ----------
    script_hashes : iterable of str
        ``'sha256-…'`` of each inline script, quoted.
    """
    scripts = " ".join(["'self'", *script_hashes])
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


def secure(server: Flask, policy: str) -> None:
    """Add the security headers to every answer of a server."""

    @server.after_request
    def _headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return response
