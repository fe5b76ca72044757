"""How pages of one site are to be read, as people write it down: `config/sites/<host>.toml`, or files of other readers.

`own` reads our files, `ftr` the `key: value` files of FiveFilters, wallabag and others, `rules` a folder of both;
`learn` proposes a file from several pages of one site. `ingest.extract.ruled` does what they say.
"""
