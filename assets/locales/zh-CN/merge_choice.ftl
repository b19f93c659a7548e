error-merge-unchosen = 双方都修改了“{ $field }”，请选择采用哪一方的内容。
error-merge-typed = “{ $field }”选了“现已保存的”，下方该栏却又作了修改；请选择采用哪一方的内容。
