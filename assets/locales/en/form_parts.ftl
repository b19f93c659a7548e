form-part-or = {" or "}
form-part-wrong = to be corrected: { $faults }
form-part-lacks-word = missing:
form-part-filled = filled in; checked when it is sent
form-part-unread = something in it cannot be read
