"""Claims 认领: taken by an organization or a member, done, verified by somebody else, posted as facts."""
