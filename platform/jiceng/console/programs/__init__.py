"""The API's document, and the page that shows it without asking any other host."""
