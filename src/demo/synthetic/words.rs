//! The words of made-up leads. No person, shop or mark that exists is meant by them; every title says that it is
//! synthetic.

/// Goods, and the charges that fit.
pub(super) const GOODS: [(&str, &[&str]); 24] = [
    ("手表", &["CL214"]),
    ("箱包", &["CL214"]),
    ("运动鞋", &["CL213", "CL214"]),
    ("润滑油", &["CL213"]),
    ("化妆品", &["CL214", "CL140"]),
    ("服装", &["CL213"]),
    ("手机配件", &["CL214"]),
    ("汽车配件", &["CL213"]),
    ("商标标识", &["CL215"]),
    ("白酒", &["CL213", "CL140"]),
    ("小家电", &["CL140"]),
    ("图书", &["CL218"]),
    ("打印耗材", &["CL214"]),
    ("洗衣液", &["CL213"]),
    ("婴儿奶粉", &["CL143", "CL213"]),
    ("保健食品", &["CL144"]),
    ("轴承", &["CL213"]),
    ("电动工具", &["CL214", "CL146"]),
    ("玩具", &["CL214"]),
    ("眼镜", &["CL214"]),
    ("首饰", &["CL213"]),
    ("软件光盘", &["CL217", "CL218"]),
    ("面膜", &["CL214"]),
    ("茶叶", &["CL213"]),
];

/// What is suspected.
pub(super) const ACTS: [&str; 6] =
    ["销售假冒", "生产假冒", "网络直播销售假冒", "仓储假冒", "组装假冒", "批发假冒"];

/// By whom.
pub(super) const WHO: [&str; 8] = ["店铺", "作坊", "账号", "团伙", "工厂", "仓库", "批发档口", "直播间"];

/// First and second half of a made-up mark: one mark for each pair.
const MARKS: ([&str; 12], [&str; 10]) = (
    ["云岭", "青禾", "北辰", "海月", "南星", "松涛", "锦河", "飞鹭", "银杉", "玉泉", "远山", "晨曦"],
    ["一号", "二号", "三号", "四号", "五号", "六号", "七号", "八号", "九号", "十号"],
);

/// How many marks there are.
pub(super) const BRANDS: usize = 120;

/// The mark `n`.
pub(super) fn brand(n: usize) -> String {
    let (first, second) = MARKS;
    format!("合成{}{}", first[n % first.len()], second[n / first.len() % second.len()])
}

/// What brought it to light.
pub(super) const SIGNS: [&str; 6] = [
    "价格明显低于市场",
    "买家多次反映为假货",
    "测试购买的样品与正品存在明显差异",
    "同一收款账户关联多个店铺",
    "退货地址与已查处窝点一致",
    "权利人鉴别为假冒",
];

pub(super) const STREETS: [&str; 10] = [
    "合成东路",
    "合成西路",
    "合成南街",
    "合成北街",
    "示例大道",
    "示例工业园",
    "样本路",
    "样本巷",
    "试验路",
    "试验园区",
];

/// What is said between the sides.
pub(super) const LINES: [&str; 4] = [
    "请补充近三个月的交易明细（合成）。",
    "已安排人员核查，如有进展另行告知（合成）。",
    "补充材料已随第 1 版卷宗一并移送（合成）。",
    "收到，谢谢（合成）。",
];
