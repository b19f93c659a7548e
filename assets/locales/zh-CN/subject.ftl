# 涉案主体
subject-kind-person = 自然人
subject-kind-company = 企业
subject-kind-shop = 店铺
subject-kind-account = 账号
subject-kind-phone = 电话
subject-kind-vehicle = 车辆
subject-facts = 已知情况
subject-leads = 涉及的线索
subject-no-leads = 目前没有线索涉及该主体。
subject-outcomes = 涉及的战果
subject-no-outcomes = 目前没有战果记录涉及该主体。
subject-related = 关联主体
subject-no-related = 没有与其同列一条线索的其他主体。
error-subject-on-lead = 本线索已列有同一主体“{ $name }”。需要补充或更正的，请修改已有的这一项；如果是另一主体，请填写能够区分的证照号、账号或号码。
error-subject-twice = 与第 { $n } 个涉案主体是同一主体，每个主体只列一次。
subject-on-lead = 已有的一项
subject-since = 首次登记
