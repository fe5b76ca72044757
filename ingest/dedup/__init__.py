"""Recognising copies: exact, near, reworded, translated, quoted. Pure functions; the database is storage's.

fingerprint.py gives the keys under which a text is stored and found again; the store looks up candidates by the rule
there. words.py keeps what a comparison needs of a text, so that it is read once. compare.py decides about each pair and
says which passages are shared. settle.py tells what all links say together, cluster.py groups what is linked, and
origin.py chooses the record that stands for a group, by what pages say and by their dates (dates.py).

    stems -> weights -> tokens -+-> fingerprint ............ candidates (store)
                                +-> words -> chain -> evidence -> decision -> compare -> settle -> cluster -> origin

lines.py blanks what many articles share before a text is compared.
"""
