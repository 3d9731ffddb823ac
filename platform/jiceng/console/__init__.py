"""What people see: the page frame, navigation, home checklist, errors, and the mounted record console."""
