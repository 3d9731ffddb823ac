"""The flow of a publication: its states, its notice, who confirmed what."""
