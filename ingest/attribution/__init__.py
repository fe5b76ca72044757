"""Who wrote a text first, who passed it on, and whom it cites.

Works on a cleaned article: on its text (datelines, agencies, oddities of translation and rewording, outlets and experts
that it cites) and on what cleaning took out of it (bylines, stamps, credits, lines that name a source). `attribute`
puts it together; `outlets.txt` is the list of outlets that are known by name, and what is not in it is recognised by
the words around it.
"""
