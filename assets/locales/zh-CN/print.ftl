# 打印
print-head = { $organisation } · { $name }打印于{ $when }
