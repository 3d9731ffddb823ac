"""The units of the roster as this plugin sees them: with their town, and only those in sight."""
