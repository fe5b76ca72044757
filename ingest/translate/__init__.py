"""Offline translation, with Argos packages.

`texts` cuts texts into sentences, asks for each distinct one once and puts the translations back; `argos` is the
translator behind it, the only module besides `packages` that knows argostranslate and CTranslate2; `packages` lists,
installs and removes packages, which never happens during a run.
"""
