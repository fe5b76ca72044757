"""What the operator sees of a run in Prefect's UI.

    figures     what a report shows, from our database          plot        the picture in it, an SVG
    pages       the report as Markdown, the table of failures   publish     the name and the artifacts of a run
    progress    how far a run is, as it goes                    logs        what our packages log, in the UI too
    run         a run with all of it, for the flows

Nothing here can make a run fail: a report that cannot be published is a line in the log.
"""
