comment-unknown = The comment is kept, but { $names } is nobody’s name or username among the colleagues who may read this lead, so nobody was told. Correct the comment to mention them.
