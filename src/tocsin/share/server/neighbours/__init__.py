"""Between servers of different owners: what each says of its own objects travels, signed.

`statements` are what an owner says of an object; `feed` gives them to a neighbour who may see them;
`following` takes them in; `proposals` ask an owner for a change, since nobody changes what is
another's.
"""
