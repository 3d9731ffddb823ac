"""Instructors 党建工作指导员: who is sent to a unit without members, for how long, and the visits."""
