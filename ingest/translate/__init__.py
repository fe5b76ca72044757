"""Offline translation, with Argos packages or models of Firefox. Nothing is downloaded while texts are translated.

    texts      translate_texts: cut texts into sentences, ask for each distinct one once, put the translations back
      shield     what is no language travels around the model; unspelled, vocabulary, headline
      faults     what is wrong with a translation; numbers, amounts
      rescue     second and third tries                     names             names translated in two ways
    backends   which translator runs: argos, firefox        codes             one table of language codes
    installed  which packages there are                     packages          list, install, remove
    packing    packages for another machine                 index, download   packages from the Argos index
    mozilla    models of Firefox from Mozilla

`argos`, `installed`, `packages` and `index` are the only modules that know argostranslate, `argos` the only one that
knows CTranslate2, `vocabulary` the only one that knows sentencepiece, and `firefox` the only one that knows
fxtranslate.
"""
