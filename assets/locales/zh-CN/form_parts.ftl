form-part-or = 或
form-part-wrong = 须更正：{ $faults }
form-part-lacks-word = 尚缺：
form-part-filled = 已填写，提交时核对
form-part-unread = 有内容无法识别
