error-merge-unchosen = 双方都修改了“{ $field }”，请选择采用哪一方的内容。
