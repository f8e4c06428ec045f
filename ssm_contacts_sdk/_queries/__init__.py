"""Queries that need several requests: on-call, previews, audits and calendars."""
