# Evidence as pictures, previews
evidence-view-list = List
evidence-view-gallery = Gallery
evidence-made-anew = A picture generated from the file, at most 1,400 pixels wide. The file itself is unchanged; open or download it to see the original.
evidence-picture-unshown = Pictures of this kind are not shown here; download it to look at it. Those shown here are PNG, JPEG, GIF and WebP.
evidence-paper-first = The first page, drawn as a picture; nothing in the file is run. If a sign stands in its place, the page cannot be drawn, and the reading page says why.
evidence-paper-pages = Read page by page
audit-fact-view = View
