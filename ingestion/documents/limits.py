"""How much of one file is read: every bound on time and memory, once, with its reason.

What belongs here: numbers and why they are what they are. A real plan has 20 to 200 pages, less than 1 MB of text and
rarely more than 20 MB with its pictures; every bound lies far above that, and far below what would hold up a night.
"""

MAX_FILE_BYTES = 64 * 1024 * 1024
"""A delivery: about ten times the largest plan seen, pictures included."""

MAX_ZIP_PARTS = 10_000
"""Parts of a .docx; one with a thousand pictures has about two thousand."""

MAX_XML_BYTES = 32 * 1024 * 1024
"""One unpacked XML part of a .docx: a plan of 200 pages has 3 MB; the tree in memory takes about ten times as much."""

MAX_HTML_BYTES = 16 * 1024 * 1024
"""A web page: one saved from Word with 200 pages has 2 MB of markup."""

MAX_PARAGRAPHS = 100_000
"""Paragraphs and table rows of a .docx, .html or .pdf: a plan of 300 pages has six thousand."""

MAX_HTML_ELEMENTS = 400_000
"""Elements of a web page: one saved from Word with 200 pages has fifty thousand."""

MAX_DEPTH = 200
"""Elements inside elements. Real pages nest layout tables twenty deep; the walk keeps one state per level."""

MAX_GRID_CELLS = 20_000
"""Cells of one table after spans are resolved: colspan=1000 in a thousand rows must not become a million cells."""

MAX_GRID_COLUMNS = 60
"""Columns of one table; a wider one is no table of targets, and its cells are read as text."""

MAX_PDF_PAGES = 1_500
"""Pages of a .pdf: a whole yearbook has a thousand; a plan has at most three hundred."""

MAX_PDF_CHARACTERS = 3_000_000
"""Characters of a .pdf, about twice a yearbook."""

MAX_PAGE_RULES = 5_000
"""Lines drawn on one page that are looked at for tables: a dense table has a few hundred, a map has a million."""

PDF_SECONDS = 20
"""Processor time for one .pdf, after which it is refused: 300 pages take about thirteen seconds on a slow core."""

PDF_PATIENCE = 3 * PDF_SECONDS
"""Time on the clock for the same: on a busy machine a good file must not be refused for what others do."""

PDF_MEMORY_BYTES = 2 * 1024 * 1024 * 1024
"""Address space of the process that opens a .pdf, so that a bomb ends there and not in the night."""

MAX_HEADER_CHARACTERS = 400
"""A line longer than this is no row of column headers, so it is not taken apart to see."""

MAX_LINES = 2_000_000
"""Lines of one text: a plan has up to five thousand, and the largest delivery fewer than this even where each line has
no more than a dozen characters. Millions of empty ones are no document."""

MAX_PARAGRAPH = 200_000
"""Characters of one paragraph: the longest real plans have as many in all. A longer one is read in stretches of about
this size, so that a file of one line needs no more memory than one of many."""
