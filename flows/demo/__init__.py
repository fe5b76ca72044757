"""A small news world to crawl: seven invented outlets, served over loopback HTTP, and a tiny translation model.

`articles/` holds what the outlets publish, one folder an outlet, with what is true of each article beside its text.
`corpus` reads it, `pages` and `feeds` write what an outlet serves, `site` serves it, good and bad manners included,
`model` unpacks the translator, and `home` makes a folder to run it all in. Everything was written for this project;
nothing leaves the machine.
"""
