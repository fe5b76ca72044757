"""Operate newsmill with Prefect: `newsmill serve`.

    keeper      starts the server and the runner, watches over both, ends them in order: the one process in front
    server      the environment and the start of a local Prefect server
    gate        (that process) the server, and in front of it what lets only our own requests through
    runner      (a process of its own) registers the deployments and starts their runs
    deployments the two deployments, and the automation that closes runs whose process is gone
    resume      what was under way when everything was killed is closed, and started once more
    demo        the bundled news site as a source, with a database of its own
    ending      a flow's process ends within seconds when it is told to
    tether      a process ends when the one that started it is gone

`keeper`, `server` and `demo` do not import Prefect: its settings are read once, from the environment they make.
"""
