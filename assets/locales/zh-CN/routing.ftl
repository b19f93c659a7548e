# 移送建议
routing-place-factory = 生产地
routing-place-warehouse = 仓储地
routing-place-seller = 销售者所在地
routing-place-lead = 线索所属地区
routing-place-platform = 平台所在地
routing-place-rights-holder = 权利人所在地
routing-place-buyer = 收货地
routing-takes-criminal = 办理{ $families }类刑事线索
routing-takes-administrative = 查处{ $families }类行政违法
routing-takes-own-list = 该单位登记受理{ $families }类线索
routing-takes-branch = { $families }类线索由其内设的{ $branch }办理
routing-at = { $place }在其辖区：{ $region }
routing-same-province = 该单位辖区内没有本线索的关联地点，但与关联地点同省：{ $region }
routing-level-cross-area = 跨区域或团伙案件由设区的市级以上公安机关管辖（程序规定第24条）
routing-level-default = 一般由县级机关管辖
routing-leaves-out = 不办理{ $families }类，需另送其他单位
routing-none = 没有可推荐的单位。请补充罪名（案由）和地点，或手动选择。
