//! Forms as people fill them in: by pinyin and without a script, with amounts and dates as they write them.

use crate::support::{Browser, TestApp, seed::GUANGZHOU};

const FACTS: &[(&str, &str)] = &[
    ("title", "某品牌运动鞋网店涉嫌销售假冒注册商标的商品"),
    ("summary", "店铺以明显低于市场的价格销售，鉴别为假。"),
    ("region", "guang zhou"),
    ("occurred_from", "5 March 2016"),
    ("estimated_value.amount", "约三千万元"),
    ("estimated_value.basis", "list_price"),
    ("source.kind", "risk_model"),
    ("sender_role", "reporter"),
    ("charges", "CL214"),
    ("brands", "示例牌"),
];

/// The facts with some fields changed or added.
fn facts<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = FACTS.iter().copied().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    kept.chain(changes.iter().copied()).collect()
}

async fn json(browser: &Browser, path: &str) -> serde_json::Value {
    browser.get(path).await.expect(200).json()
}

fn labels(found: &serde_json::Value) -> Vec<&str> {
    found.as_array().expect("a list").iter().filter_map(|one| one["label"].as_str()).collect()
}

/// The summary above a form follows the page, whatever the order in which its rules look at the fields.
#[tokio::test]
async fn the_summary_names_what_is_wrong_in_the_order_of_the_page() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let wrong = facts(&[
        ("title", ""),
        ("summary", ""),
        ("region", "没有这个地方"),
        ("occurred_from", "某一天"),
        ("estimated_value.amount", "很多钱"),
        ("source.kind", ""),
        ("sender_role", ""),
        ("charges", "CL999"),
    ]);
    let page = compiler.post("/leads/new", &wrong).await.expect(422).text();
    let (_, rest) = page.split_once("<ul class=\"faults\"").expect("a summary");
    let (lines, below) = rest.split_once("</ul>").expect("its end");
    let ids: Vec<&str> = lines.split("href=\"#").skip(1).filter_map(|line| line.split('"').next()).collect();
    let places: Vec<_> = ids.iter().map(|id| below.find(&format!(" id=\"{id}\""))).collect();
    assert!(ids.len() > 4 && places.iter().all(Option::is_some) && places.is_sorted(), "{ids:?} {places:?}");
}

/// What the choice is called that puts a region into its field.
fn label_of<'a>(page: &'a str, region: &str) -> &'a str {
    let choice = format!("name=\"region.pick\" value=\"{region}\"><label ");
    let label = page.split(choice.as_str()).nth(1).and_then(|rest| rest.split(['<', '>']).nth(1));
    label.unwrap_or_default()
}

#[tokio::test]
async fn a_compiler_writes_a_lead_as_people_write_and_reads_it_back() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    // What is still missing is told before anything is sent, and where it is.
    let page = compiler.get("/leads/new").await.expect(200);
    page.has("尚缺：标题、线索摘要").has("href=\"#part-where\"").has("id=\"part-where\"");
    let id = compiler.post("/leads/new", FACTS).await.expect(303).id();
    compiler
        .get(&format!("/leads/{id}/edit"))
        .await
        .expect(200)
        .has("value=\"广东省广州市\"")
        .has("value=\"2016-03-05\"")
        .has("2016年3月5日 星期六")
        .has("约 30,000,000.00 元（三千万元）")
        .has("part-complete")
        .has_not("part-lacks");
    // The words of the amount and what is chosen beside it contradict each other.
    let odd = facts(&[("estimated_value.qualifier", "exact")]);
    compiler.post("/leads/new", &odd).await.expect(422).has("id=\"f-estimated-value-qualifier-error\"");
}

/// A form that chose for somebody would be believed: nothing is chosen, and what was not said is asked for beside its field.
#[tokio::test]
async fn where_a_lead_comes_from_is_said_by_whoever_writes_it() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let page = compiler.get("/leads/new").await.expect(200).text();
    for (name, label) in [("source.kind", "案源"), ("sender_role", "本单位身份")] {
        let select = page.split(&format!("name=\"{name}\"")).nth(1).expect("the field");
        let select = select.split("</select>").next().expect("its choices");
        assert!(select.contains("<option value=\"\">请选择</option>"), "{select}");
        assert!(!select.contains(" selected"), "{select}");
        let before = app.audit_count().await;
        let field = format!("f-{}", name.replace(['.', '_'], "-"));
        let refused = compiler.post("/leads/new", &facts(&[(name, "")])).await.expect(422);
        refused
            .has(&format!("id=\"{field}-error\""))
            .has(&format!("href=\"#{field}\">{label}：请选择一项。"));
        assert_eq!(app.audit_count().await, before);
    }
    let id = compiler.post("/leads/new", FACTS).await.expect(303).id();
    // Nor is it lost where a form leaves it out.
    let edit = format!("/leads/{id}/edit");
    let page = compiler.get(&edit).await.expect(200).has("<option value=\"risk_model\" selected>");
    page.has("<option value=\"reporter\" selected>");
    let left_out = facts(&[("revision", "0"), ("source.kind", "")]);
    compiler.post(&edit, &left_out).await.expect(422).has("f-source-kind-error");
    let before = app.audit_count().await;
    compiler.post(&edit, &facts(&[("revision", "0"), ("source.kind", "complaint")])).await.expect(303);
    assert_eq!(app.audit_count().await, before + 1);
    compiler.get(&edit).await.expect(200).has("<option value=\"complaint\" selected>");
}

#[tokio::test]
async fn without_a_script_a_picker_shows_what_fits_and_keeps_what_was_typed() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let before = app.audit_count().await;
    // Initials name nobody; those that may be meant can be chosen.
    let page = compiler.post("/leads/new", &facts(&[("region", "gz")])).await.expect(422);
    page.has("name=\"region.pick\" value=\"广东省广州市\"")
        .has("value=\"gz\"")
        .has("约三千万元")
        .has("part-mend");
    // The button asks what fits, of no other field is anything said, and nothing is written.
    let ask = facts(&[("region", "hangzhou xihu"), ("title", ""), ("seek", "region")]);
    let page = compiler.post("/leads/new", &ask).await.expect(422);
    page.has("name=\"region.pick\" value=\"浙江省杭州市西湖区\"")
        .has("href=\"#f-region\"")
        .has_not("href=\"#f-title\"")
        .has("约三千万元");
    let nothing = facts(&[("region", ""), ("seek", "region")]);
    compiler.post("/leads/new", &nothing).await.expect(422).has("请先输入");
    assert_eq!(app.audit_count().await, before);
    let picked = facts(&[("region", "gz"), ("region.pick", "广东省广州市")]);
    let id = compiler.post("/leads/new", &picked).await.expect(303).id();
    compiler.get(&format!("/leads/{id}/edit")).await.expect(200).has("value=\"广东省广州市\"");
}

#[tokio::test]
async fn what_fits_a_picker_is_called_in_english_on_an_english_page() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    compiler.post("/language?to=en", &[]).await.expect(303);
    // What may be meant, and what was asked for.
    let page = compiler.post("/leads/new", &facts(&[("region", "gz")])).await.expect(422).text();
    let guangzhou = "Guangzhou, Guangdong Province";
    assert_eq!(label_of(&page, guangzhou), guangzhou, "{page}");
    let ask = facts(&[("region", "hangzhou xihu"), ("seek", "region")]);
    let page = compiler.post("/leads/new", &ask).await.expect(422).text();
    let xihu = "Xihu, Hangzhou, Zhejiang Province";
    assert_eq!(label_of(&page, xihu), xihu, "{page}");
    // What is picked stands in the form as it was called, and is read as what it was.
    let page = compiler.post("/leads/new", &facts(&[("title", ""), ("region.pick", xihu)])).await.expect(422);
    page.has(&format!("value=\"{xihu}\"")).has_not("西湖区");
    let id = compiler.post("/leads/new", &facts(&[("region.pick", xihu)])).await.expect(303).id();
    compiler.get(&format!("/leads/{id}/edit")).await.expect(200).has(&format!("value=\"{xihu}\""));
}

/// Of regions that a text fits alike those come first that agencies are for, with a script and without.
#[tokio::test]
async fn initials_find_first_where_agencies_are() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    app.services.db.read(lead_handoff::casework::lead::likely::learn).await.expect("learnt");
    let found = json(&compiler, "/pick/regions?q=gz").await;
    assert_eq!(labels(&found)[0], "广东省广州市", "{found}");
    let ask = facts(&[("region", "gz"), ("seek", "region")]);
    let page = compiler.post("/leads/new", &ask).await.expect(422).text();
    let first = page.split("name=\"region.pick\" value=\"").nth(1).expect("what fits");
    assert!(first.starts_with("广东省广州市\""), "{page}");
}

#[tokio::test]
async fn charges_and_brands_are_found_by_pinyin() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let id = compiler.post("/leads/new", FACTS).await.expect(303).id();
    let before = app.audit_count().await;
    // The Enter key in the search looks for something, and saves only once nothing else is looked for than before.
    let enter = facts(&[("charge_q", "xsjm"), ("charge_sought", ""), ("enter", "yes")]);
    let page = compiler.post("/leads/new", &enter).await.expect(422);
    let text = page.has("查找结果").has("value=\"CL214\" checked").text();
    assert_eq!(text.matches("id=\"charge-CL214\"").count(), 1, "each charge stands once");
    let none = facts(&[("charge_q", "qqqqqq"), ("seek", "charges")]);
    compiler.post("/leads/new", &none).await.expect(422).has("没有符合的结果，全部罪名见下");
    // Of several brands the last one is looked for, and those before it stay.
    let ask = facts(&[("brands", "第二牌、shilipai"), ("seek", "brands")]);
    let page = compiler.post("/leads/new", &ask).await.expect(422);
    page.has("name=\"brands.pick\" value=\"第二牌、示例牌\"");
    assert_eq!(app.audit_count().await, before);
    let brands = format!("/leads/{id}/brands");
    let page = compiler.post(&brands, &[("brand", "slp"), ("seek", "brand")]).await.expect(422);
    page.has("name=\"brand.pick\" value=\"示例牌\"").has_not("第二牌");
    let enter = facts(&[("charge_q", "xsjm"), ("charge_sought", "xsjm"), ("enter", "yes")]);
    compiler.post("/leads/new", &enter).await.expect(303);
}

/// What was typed where charges are looked for and never picked is one of the charges where it says which, by its code or its
/// whole name, and a fault beside it otherwise, though it fits no other.
#[tokio::test]
async fn a_charge_that_was_typed_and_not_picked_is_taken_or_asked_for() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let none = compiler.post("/leads/new", &facts(&[("charge_q", "没有这个罪名")])).await.expect(422);
    none.has("id=\"f-charge-q-error\"").has("没有选中罪名").has("value=\"没有这个罪名\"");
    let several =
        compiler.post("/leads/new", &facts(&[("charges", ""), ("charge_q", "假冒")])).await.expect(422);
    several.has("没有选中罪名：“假冒”").has("name=\"charge_q.pick\"");
    let part = compiler.post("/leads/new", &facts(&[("charge_q", "侵权复制品")])).await.expect(422);
    part.has("没有选中罪名：“侵权复制品”").has("name=\"charge_q.pick\" value=\"CL218\"");
    let typed = facts(&[("charge_q", "CL213")]);
    let id = compiler.post("/leads/new", &typed).await.expect(303).id();
    let charges = format!("/leads/{id}/charges");
    let ticked = |code: &str| format!("value=\"{code}\" checked");
    compiler.get(&charges).await.expect(200).has(&ticked("CL213")).has(&ticked("CL214"));
    let left = [("charges", "CL214"), ("charge_q", "CL213"), ("charge_sought", "CL213")];
    compiler.post(&charges, &left).await.expect(422).has("没有选中罪名：“CL213”");
    // Picked it is taken, though it is the text that was looked for, and also where the Enter key sends the form.
    compiler.post(&charges, &[&left[..], &[("charge_q.pick", "CL213")]].concat()).await.expect(303);
    compiler.get(&charges).await.expect(200).has(&ticked("CL213"));
    let picked = [("charges", "CL214"), ("charge_q", "复制品"), ("charge_q.pick", "CL218"), ("enter", "yes")];
    compiler.post(&charges, &picked).await.expect(303);
    compiler.get(&charges).await.expect(200).has(&ticked("CL218")).has_not(&ticked("CL213"));
}

#[tokio::test]
async fn a_date_that_can_be_read_in_two_ways_is_asked_for() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let page = compiler.post("/leads/new", &facts(&[("occurred_from", "05/03/2016")])).await.expect(422);
    page.has("name=\"occurred_from.pick\" value=\"2016-03-05\"")
        .has("name=\"occurred_from.pick\" value=\"2016-05-03\"")
        .has("value=\"05/03/2016\"")
        .has("aria-describedby=\"f-occurred-from-hint f-occurred-from-error\"");
    let picked = facts(&[("occurred_from", "05/03/2016"), ("occurred_from.pick", "2016-05-03")]);
    let id = compiler.post("/leads/new", &picked).await.expect(303).id();
    compiler.get(&format!("/leads/{id}/edit")).await.expect(200).has("2016年5月3日 星期二");
    for day in ["2016/3/5", "2016年3月5日", "20160305", "２０１６－０３－０５", "13/03/2016"] {
        compiler.post("/leads/new", &facts(&[("occurred_from", day)])).await.expect(303);
    }
}

#[tokio::test]
async fn what_is_typed_is_suggested_for_and_said_back_to_those_who_may_know() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    compiler.post("/leads/new", FACTS).await.expect(303);
    let before = app.audit_count().await;
    for text in ["gz", "guangzhou", "guang%20zhou", "广州", "440100"] {
        let found = json(&compiler, &format!("/pick/regions?q={text}")).await;
        assert!(labels(&found).contains(&"广东省广州市"), "{text}: {found}");
    }
    for (text, name) in [("chongqing", "重庆市"), ("xiamen", "福建省厦门市"), ("changsha", "湖南省长沙市")]
    {
        let found = json(&compiler, &format!("/pick/regions?q={text}")).await;
        assert_eq!(labels(&found)[0], name, "{text}");
    }
    let gone = json(&compiler, "/pick/regions?q=hangzhouxiacheng").await;
    assert!(gone[0]["note"].as_str().is_some_and(|note| note.contains("截至")), "{gone}");
    let found = json(&compiler, "/pick/charges?q=xsjm&at=2016-03-05").await;
    assert!(found.to_string().contains("CL214"), "{found}");
    let found = json(&compiler, "/pick/agencies?q=gzsgaj").await;
    assert_eq!(found[0]["value"], GUANGZHOU);
    // As the hint beside the field has it: by words of the name, with others left out between them.
    for text in ["gzjz", "guangzhou%20jingzhen", "%E5%B9%BF%E5%B7%9E%E7%BB%8F%E4%BE%A6"] {
        let found = json(&compiler, &format!("/pick/agencies?q={text}")).await;
        assert_eq!(found[0]["value"], GUANGZHOU, "{text}");
    }
    let found = json(&compiler, "/pick/brands?q=shili").await;
    assert_eq!(labels(&found), ["示例牌"]);
    assert_eq!(json(&compiler, "/pick/regions?q=").await, serde_json::json!([]));
    let told = json(&compiler, "/pick/reading?kind=numbers&q=3,%205-7").await;
    assert!(told["is_understood"] == true && told["text"] == "4 项", "{told}");
    let told = json(&compiler, "/pick/reading?kind=amount&q=1.2%E4%BA%BF&with=about").await;
    assert_eq!(told["text"], "约 120,000,000.00 元（一亿二千万元）");
    let told = json(&compiler, "/pick/reading?kind=date&q=05/03/2016").await;
    assert!(told["is_understood"] == false && told["text"].to_string().contains("2016-05-03"), "{told}");
    assert_eq!(app.audit_count().await, before);
    // An agency's people see the reference, and neither whose brands there are nor the directory.
    let liaison = app.sign_in("liaison").await;
    liaison.get("/pick/regions?q=gz").await.expect(200);
    liaison.get("/pick/brands?q=shili").await.expect(404);
    liaison.get("/pick/agencies?q=gz").await.expect(404);
    // A brand that is new is offered at once.
    app.seed.lead(&app.services, "compiler");
    let found = json(&compiler, "/pick/brands?q=shilipinpai").await;
    assert_eq!(labels(&found), ["示例品牌"]);
}

#[tokio::test]
async fn agencies_are_found_by_pinyin_where_they_are_chosen() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let fields = [("code", "BY-ECD"), ("name_zh", "白云分局"), ("parent", "guangzhou"), ("seek", "parent")];
    let page = admin.post("/agencies", &fields).await.expect(422);
    page.has("name=\"parent.pick\" value=\"GZ-ECD\"").has("value=\"白云分局\"").has_not("f-type-error");
    admin.get("/agencies?q=hzsscjdglj").await.expect(200).has("HZ-SAMR").has_not("GZ-ECD");
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let fields = [("version", "1"), ("q", "hangzhou shichang"), ("find", "yes")];
    let page = compiler.post(&format!("/leads/{lead}/dossiers"), &fields).await;
    page.has("杭州市市场监督管理局").has("href=\"#part-evidence\"");
    // By words of its name too, as the hint says, in characters and in their first letters.
    for text in ["hzjd", "杭州监督"] {
        let sought = [("version", "1"), ("q", text), ("find", "yes")];
        let page = compiler.post(&format!("/leads/{lead}/dossiers"), &sought).await.expect(200);
        page.has_not("没有其他符合条件的单位");
    }
}

#[tokio::test]
async fn a_time_is_taken_as_it_is_written_and_a_price_is_no_estimate() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let note = format!("/leads/{lead}/evidence/note");
    let at = |time: &'static str| {
        [
            ("kind", "note"),
            ("name", "页面"),
            ("text", "标价 199 元"),
            ("source", "网店"),
            ("collected_by", "编制人甲"),
            ("method", "截图"),
            ("collected_at", time),
        ]
    };
    compiler.post(&note, &at("2016年5月4日 9时30分")).await.expect(303);
    compiler.post(&note, &at("09:30, 4 May 2016")).await.expect(303);
    let page = compiler.post(&note, &at("05/04/2016 9:30")).await.expect(422);
    page.has("2016-04-05").has("2016-05-04").has("value=\"05/04/2016 9:30\"");
    let listing = [("url", "https://shop.example/item/1"), ("price", "约 100")];
    let page = compiler.post(&format!("/leads/{lead}/listings"), &listing).await.expect(422);
    page.has("标价应为确数").has("约 100");
}

#[tokio::test]
async fn a_part_with_what_cannot_be_read_is_not_called_complete() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let page = compiler.get("/leads/new").await.expect(200).has_not("part-mend").text();
    let odd = [
        ("title", "疑似销售假冒注册商标的手表"),
        ("summary", "网店销售。"),
        ("occurred_from", "2016-13-45"),
        ("region", "gz"),
        ("estimated_value.amount", "很多钱"),
        ("source.kind", "complaint"),
        ("sender_role", "reporter"),
    ];
    compiler.post(&crate::unsent::keeps(&page), &odd).await.expect(303);
    let page = compiler.get("/leads/new").await.expect(200).has("须更正：").text();
    assert_eq!(page.matches("class=\"part-mend\"").count(), 2, "{page}");
    assert_eq!(page.matches("class=\"part-complete\"").count(), 2, "{page}");
    // The script has the names to tell what is filled and what is missing.
    assert!(page.contains("data-need=\"title\t标题\nsummary\t线索摘要\""), "{page}");
}
