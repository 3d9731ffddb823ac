"""The command-line door of dumps and of databases made from one."""
