"""Order, schedule, settings and the command line: the only package that knows Prefect."""
