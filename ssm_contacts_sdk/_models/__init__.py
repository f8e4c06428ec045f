"""The data of the service as values. No module of this package sends a request."""
