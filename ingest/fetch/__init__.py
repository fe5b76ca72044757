"""Fetch: a seed becomes a page, or a rejection that says why not.

`fetcher` is the way in: it runs one event loop in a thread of its own and hands out pages as they come. `crawl` shares
the work between hosts, `visit` follows one seed through robots.txt and redirects, `exchange` is one request under one
deadline. `hosts` keeps the distance that politeness asks for, `robots` reads robots.txt, `transport` keeps connections
and `backend` opens them, to public addresses only; `body` decodes what arrives and never more than was allowed.
`policy` holds every number.

Pure: `targets`, `responses`, `challenges` and `addresses` say which URLs, answers and addresses are acceptable,
`conditions` asks only for what has changed, `proxy` reads a setting. `failure` is the one exception that these modules
raise to each other. httpx, httpcore and protego are imported nowhere else.
"""
