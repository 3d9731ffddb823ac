"""Attachments: files about a subject (sign-in sheets, photographs), seen by whoever may see the subject."""
