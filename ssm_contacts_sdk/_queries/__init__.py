"""Questions that take several requests: on-call, previews, audits and calendars."""
