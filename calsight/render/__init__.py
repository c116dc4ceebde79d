"""Report in, text out: one module a form."""
