"""What was done to declarations, help plans and instructors: by whom, when and why."""
