"""Order, schedule, settings and the command line: the only package that knows Prefect.

Where it begins:

    cli/        the commands                              nightly, url_list   the two flows that Prefect starts
    serve/      `newsmill serve`: server, deployments     browse/     `newsmill browse`: the web page

The sequence, from the whole to the parts; all of the above call `run`, `reprocess` or `work`:

    run         a run from its seeds to its summary       orders      what each kind of run does
    loop        batch by batch                            stages      the stages of a batch
    reprocess   a stage again for what is stored          work        help with other processes' runs

What these use:

    settings    every knob                                policies    what the stages keep to, from the settings
    tools       archive, fetcher, workers, translator     translate   what is stored, translated
    making      what worker processes make                link        copies of what was stored
    site_lines  lines of sites, taken out of a batch
    summary     what a run came to
    export      what follows a run                        passages    the words that two texts share
    watch       who is told how far it is                 tally       the same URL by URL, as one line

With Prefect:

    tasks       a run as a flow, its stages as tasks      runners     the heavy work elsewhere: processes, Dask
    report/     what the operator sees of a run           notify      webhooks

`demo/` is the bundled news site.
"""
