# 页眉搜索
search-title = 搜索
search-for = 与“{ $q }”有关的内容
search-nothing = 没有找到您可以查看的内容
search-about = 可输入线索编号、移送编号、案号、卷宗编号、单位代码或专项行动名称，也可只输编号的末尾，例如 2016-1184 或 1184；输入文字时按标题和名称查找。
search-about-agency = 可输入移送编号、案号或标题中的文字；移送编号可只输末尾，例如 2016-12 或 12。只查找移送给贵单位的内容。
search-more = 查看更多
search-list = 在列表中查看
search-narrower = 还有更多，请输入更完整的名称或编号。
search-kind-lead = 线索
search-kind-transfer = 移送
search-kind-dossier = 卷宗
search-kind-case = 案件
search-kind-agency = 单位
search-kind-subject = 涉案主体
search-kind-operation = 专项行动
verb-search-list = 搜索
object-search = 搜索
