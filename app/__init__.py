"""The only package that knows Dash and Flask: pages, callbacks, HTTP, command line and settings."""
