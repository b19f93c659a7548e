# 证据图库与预览
evidence-view-list = 列表
evidence-view-gallery = 图库
evidence-made-anew = 此图由原文件生成，宽度不超过 1,400 像素。原文件没有改动，可打开或下载查看。
evidence-show-here = 在本页显示文件
audit-fact-view = 显示方式
