"""Which language each paragraph of an article is written in.

langdetect judges a text by the n-grams (one to three characters) of its language profiles, drawing n-grams at random
until one language wins: slow, different from run to run, and weak on short lines, since every line is judged alone.
Here the same profiles are read from the installed package and used in these steps:

0. *scripts* (scripts.py, han.py): what the letters rule out, or tell by themselves; look-alikes are folded;
1. *evidence* of the letters (profiles.py): the exact naive Bayes log-likelihood of every paragraph in every language,
   over all its n-grams, with langdetect's own normalisation of characters;
2. *second opinion* of the words (words.py): the same of its common words, by wordfreq's tables. Both are whole
   numbers, so that every machine gets the same sums. detect.py adds them up, each by its weight;
3. *second witness* (witness.py): py3langid, where the words leave a doubt: its vote, and whether the text is in none
   of these languages at all;
4. *smoothing* (smooth.py): languages come in runs. A hidden Markov model over the paragraphs prefers the language of
   the neighbours and of the whole document. Its posterior probability is the confidence.

    scripts, han -+
    profiles -----+-> detect <- smooth    document: shares of languages, what is quoted
    words --------+                       yat: Croatian, Bosnian or Serbian in Latin letters
    witness ------+
"""

from ingest.language.detect import DETECTOR, Detection, detect_paragraphs
from ingest.language.document import quoted, shares
from ingest.language.profiles import LANGUAGES

__all__ = ["DETECTOR", "LANGUAGES", "Detection", "detect_paragraphs", "quoted", "shares"]
