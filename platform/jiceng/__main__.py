"""`python -m jiceng`: the command line."""

from jiceng.cli import main

if __name__ == "__main__":
    main()
