"""`newsmill browse`: a small web page over the database, for reading only.

    app         routes, headers, who may ask, error pages     serve     the port, the server, its beginning and end
    night       the stories of a run                          overview  a run and its plots; the sources
    downloads   lists as CSV and JSON                         lists     records with filters and search
    article     one record                                    beside    two texts, with what they share
    history     its versions, two of them side by side
    texts       texts in pieces, languages and directions     charts    bars and columns
    api         the same for programs, as JSON                metrics   what operators watch, as OpenMetrics
    copying     who copies whom
    words       what reasons, flags and relations mean        render    templates (Jinja2), everything escaped

The pages are made here on the server; `static/browse.js` adds keys, and nothing needs it. A page module turns rows into
what a template shows, and asks the database through `storage` alone.
"""
