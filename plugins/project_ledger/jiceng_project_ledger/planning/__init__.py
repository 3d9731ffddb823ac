"""The plan of a project: phases and steps with weights, templates, changes by request, the Gantt chart."""
