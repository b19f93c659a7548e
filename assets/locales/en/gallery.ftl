# Evidence as pictures, previews
evidence-view-list = List
evidence-view-gallery = Gallery
evidence-made-anew = A picture generated from the file, at most 1,400 pixels wide. The file itself is unchanged; open or download it to see the original.
evidence-show-here = Show the document here
audit-fact-view = View
