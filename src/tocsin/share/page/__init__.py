"""The page of the brief: the plain first page in several languages, the whole page, the PDF."""
