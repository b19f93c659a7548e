# 证据图库与预览
evidence-view-list = 列表
evidence-view-gallery = 图库
evidence-made-anew = 此图由原文件生成，宽度不超过 1,400 像素。原文件没有改动，可打开或下载查看。
evidence-picture-unshown = 此类图片不在页面中显示，可下载后查看。页面中显示的图片格式为 PNG、JPEG、GIF 和 WebP。
evidence-paper-first = 此图为文件第 1 页，由程序绘成，文件本身不在页面中运行。如显示为图标，说明该页不能绘出，原因见阅读页面。
evidence-paper-pages = 逐页阅读
audit-fact-view = 显示方式
