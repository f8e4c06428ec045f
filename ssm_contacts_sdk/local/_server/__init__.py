"""The embedded service over HTTP."""
