//! Two people on one thing: the second is told who changed what and when, what only one changed is put together, where
//! both did the two versions stand beside each other, and nothing that either typed is lost.

use lead_handoff::{
    audit::{self, Entry},
    platform::db::{Id, Origin},
};

use crate::support::{Browser, Reply, TestApp};

/// The value that a field of the page holds.
pub(crate) fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.split_once(&start).unwrap_or_else(|| panic!("no {name} in {page}")).1;
    rest.split('"').next().expect("a value").replace("&#38;", "&")
}

/// A draft on which two compilers work, and their browsers.
pub(crate) async fn shared(app: &TestApp) -> (Id, Browser, Browser) {
    let lead = app.seed.lead(&app.services, "compiler");
    let manager = app.sign_in("manager").await;
    let second = app.seed.people["compiler2"].to_string();
    manager.post(&format!("/leads/{lead}/assign"), &[("assignee", &second)]).await.expect(303);
    (lead, app.sign_in("compiler").await, app.sign_in("compiler2").await)
}

/// The lead's form as it was opened, with some fields changed.
pub(crate) struct Opened {
    pub path: String,
    fields: Vec<(String, String)>,
}

impl Opened {
    pub async fn by(browser: &Browser, lead: Id) -> Self {
        let path = format!("/leads/{lead}/edit");
        let page = browser.get(&path).await.expect(200).text();
        let mut fields: Vec<(String, String)> = [
            ("title", "疑似销售假冒注册商标的手表"),
            ("summary", "店铺以明显低于市场的价格销售标有知名商标的手表。"),
            ("region", &hidden(&page, "region")),
            ("occurred_from", ""),
            ("occurred_to", ""),
            ("estimated_value.amount", ""),
            ("estimated_value.qualifier", ""),
            ("estimated_value.basis", ""),
            ("source.kind", "other"),
            ("source.note", ""),
            ("sender_role", "reporter"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        fields.extend(["was", "revision"].map(|name| (name.to_owned(), hidden(&page, name))));
        Self { path, fields }
    }

    pub async fn save(&self, browser: &Browser, changed: &[(&str, &str)]) -> Reply {
        let mut fields: Vec<(&str, &str)> =
            self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        for (name, value) in changed {
            fields.retain(|(known, _)| known != name);
            fields.push((*name, *value));
        }
        browser.post(&self.path, &fields).await
    }
}

/// However often the lead was looked at since, it is said who changed it.
#[tokio::test]
async fn the_second_is_told_who_was_first_behind_all_looks() {
    let app = TestApp::new().await;
    let (lead, first, second) = shared(&app).await;
    let (one, two) = (Opened::by(&first, lead).await, Opened::by(&second, lead).await);
    two.save(&second, &[("title", "第二人的标题")]).await.expect(303);
    let looks = app.services.db.write(Origin::system("system:test"), move |tx| {
        for _ in 0..201 {
            audit::record(tx, Entry::new("lead.view").object("lead", lead))?;
        }
        Ok(())
    });
    looks.await.expect("looks");
    one.save(&first, &[("title", "第一人的标题")])
        .await
        .expect(409)
        .has("编制人乙")
        .has("name=\"pick.title\"");
}

#[tokio::test]
async fn what_each_changed_in_another_field_is_put_together() {
    let app = TestApp::new().await;
    let (lead, first, second) = shared(&app).await;
    let (one, two) = (Opened::by(&first, lead).await, Opened::by(&second, lead).await);
    two.save(&second, &[("title", "第二人的标题")]).await.expect(303);
    let page = one.save(&first, &[("summary", "第一人的摘要\r\n第二行")]).await.expect(409);
    let page = page.has("编制人乙").has("自动合并").has("采用现已保存的").has("采用您填写的");
    let page = page.has("第一人的摘要").has("第二人的标题").has_not("name=\"pick.").text();
    // The form holds both already, and is saved against what is stored now.
    assert_eq!(hidden(&page, "title"), "第二人的标题");
    assert_eq!(hidden(&page, "revision"), "1");
    let (was, revision) = (hidden(&page, "was"), hidden(&page, "revision"));
    let merged = [
        ("title", "第二人的标题"),
        ("summary", "第一人的摘要\r\n第二行"),
        ("was", was.as_str()),
        ("revision", revision.as_str()),
    ];
    one.save(&first, &merged).await.expect(303);
    let stored = second.get(&one.path).await.expect(200);
    stored.has("第二人的标题").has("第一人的摘要");
}

#[tokio::test]
async fn what_both_changed_is_chosen_field_by_field() {
    let app = TestApp::new().await;
    let (lead, first, second) = shared(&app).await;
    let (one, two) = (Opened::by(&first, lead).await, Opened::by(&second, lead).await);
    let theirs = [
        ("title", "第二人的标题"),
        ("summary", "第二人的摘要"),
        ("estimated_value.amount", "100"),
        ("estimated_value.qualifier", "exact"),
        ("estimated_value.basis", "sales"),
    ];
    two.save(&second, &theirs).await.expect(303);
    let mine = [("title", "第一人的标题"), ("summary", "第一人的摘要"), ("source.note", "举报人来电")];
    let page = one.save(&first, &mine).await.expect(409);
    let page =
        page.has("第二人的标题").has("第一人的标题").has("name=\"pick.title\"").has("name=\"pick.summary\"");
    let page = page.has_not("pick.estimated_value").has_not("pick.source").text();
    assert!(hidden(&page, "estimated_value.amount").starts_with("100"), "{page}");
    let (was, revision) = (hidden(&page, "was"), hidden(&page, "revision"));
    let (their_title, amount) = (hidden(&page, "theirs.title"), hidden(&page, "estimated_value.amount"));
    let chosen = [
        ("title", "第一人的标题"),
        ("pick.title", "theirs"),
        ("theirs.title", their_title.as_str()),
        ("summary", "第一人的摘要，补充第二人所写"),
        ("pick.summary", "mine"),
        ("theirs.summary", "第二人的摘要"),
        ("source.note", "举报人来电"),
        ("estimated_value.amount", amount.as_str()),
        ("estimated_value.qualifier", "exact"),
        ("estimated_value.basis", "sales"),
        ("was", was.as_str()),
        ("revision", revision.as_str()),
    ];
    // The choice that is kept and not sent is none: opened again, the form asks anew.
    let keep = format!("/unsent?form={}", one.path);
    let before = hidden(&page, "before.revision");
    let undecided =
        [("title", "第一人的标题"), ("revision", revision.as_str()), ("before.revision", before.as_str())];
    first.post(&keep, &undecided).await.expect(303);
    let opened = first.get(&one.path).await.expect(200).has("您有未提交的内容").text();
    assert_eq!((hidden(&opened, "revision"), before.as_str()), ("0".to_owned(), "0"));
    // A third save comes between: the second is asked again, with what was chosen.
    let three = Opened::by(&second, lead).await;
    let mut later = theirs.to_vec();
    later[0].1 = "第三个标题";
    three.save(&second, &later).await.expect(303);
    let again = one.save(&first, &chosen).await.expect(409);
    let again = again.has("第三个标题").has("补充第二人所写").text();
    let (was, revision) = (hidden(&again, "was"), hidden(&again, "revision"));
    let mut last = chosen.to_vec();
    last.retain(|(name, _)| !["was", "revision", "pick.title", "title"].contains(name));
    last.extend([("was", was.as_str()), ("revision", revision.as_str()), ("title", "第三个标题")]);
    one.save(&first, &last).await.expect(303);
    let stored = second.get(&one.path).await.expect(200);
    stored.has("第三个标题").has("补充第二人所写").has("举报人来电").has_not("第一人的标题");
}

/// Amounts and days stand there as the pages tell them everywhere, in the reader's language.
#[tokio::test]
async fn amounts_and_days_that_both_changed_are_told_in_words() {
    let app = TestApp::new().await;
    let (lead, first, second) = shared(&app).await;
    let (one, two) = (Opened::by(&first, lead).await, Opened::by(&second, lead).await);
    let theirs = [
        ("occurred_from", "2016-03-01"),
        ("estimated_value.amount", "120万"),
        ("estimated_value.qualifier", "estimated"),
        ("estimated_value.basis", "sales"),
    ];
    two.save(&second, &theirs).await.expect(303);
    let mine = [
        ("occurred_from", "2016-03-05"),
        ("estimated_value.amount", "3,000,000"),
        ("estimated_value.qualifier", "about"),
        ("estimated_value.basis", "sales"),
    ];
    let page = one.save(&first, &mine).await.expect(409).has("name=\"pick.estimated_value\"");
    let page = page.has("1,200,000.00 元（一百二十万元） · ").has("约 3,000,000.00 元（三百万元） · ");
    page.has("2016年3月1日").has("2016年3月5日").has_not("<p class=\"keep\">1200000.00");
    first.post("/language?to=en", &[]).await.expect(303);
    let page = one.save(&first, &mine).await.expect(409).has("CNY 1,200,000.00");
    page.has("about CNY 3,000,000.00 (CNY 3.0 million) · sales amount").has("5 Mar 2016");
}

/// A region that nobody changed is the same in either language.
#[tokio::test]
async fn a_form_that_was_opened_in_the_other_language_has_changed_no_region() {
    let app = TestApp::new().await;
    let (lead, first, second) = shared(&app).await;
    let (one, two) = (Opened::by(&first, lead).await, Opened::by(&second, lead).await);
    two.save(&second, &[("title", "第二人的标题")]).await.expect(303);
    first.post("/language?to=en", &[]).await.expect(303);
    let page = one.save(&first, &[("title", "第一人的标题")]).await.expect(409).has("name=\"pick.title\"");
    page.has_not("Only one side changed these fields");
}

#[tokio::test]
async fn a_fault_on_the_way_keeps_what_was_chosen() {
    let app = TestApp::new().await;
    let (lead, first, second) = shared(&app).await;
    let (one, two) = (Opened::by(&first, lead).await, Opened::by(&second, lead).await);
    two.save(&second, &[("title", "第二人的标题")]).await.expect(303);
    let faulty = [
        ("title", "第一人的标题"),
        ("pick.title", "theirs"),
        ("theirs.title", "第二人的标题"),
        ("occurred_from", "2999-01-01"),
    ];
    let page = one.save(&first, &faulty).await.expect(422);
    assert_eq!(hidden(&page.text(), "title"), "第二人的标题");
    assert_eq!(hidden(&page.text(), "revision"), "0", "the clash is found when the fault is mended");
}

#[tokio::test]
async fn asking_what_fits_a_field_chooses_nothing_yet() {
    let app = TestApp::new().await;
    let (lead, first, second) = shared(&app).await;
    let (one, two) = (Opened::by(&first, lead).await, Opened::by(&second, lead).await);
    let marks = |page: &str| ["was", "revision"].map(|name| hidden(page, name));
    let opened = marks(&first.get(&one.path).await.expect(200).text());
    // Given back with what was found, the form knows what it was filled from, as before.
    let ask = [("region", "hangzhou xihu"), ("seek", "region")];
    let page = one.save(&first, &ask).await.expect(422);
    let page = page.has("name=\"region.pick\" value=\"浙江省杭州市西湖区\"").text();
    assert_eq!(marks(&page), opened);

    two.save(&second, &[("title", "第二人的标题")]).await.expect(303);
    let clash = one.save(&first, &[("title", "第一人的标题")]).await.expect(409).text();
    let kept = ["was", "before.was", "revision", "before.revision"].map(|name| (name, hidden(&clash, name)));
    let mut ask = ask.to_vec();
    ask.extend([("title", "第一人的标题"), ("pick.title", "mine"), ("theirs.title", "第二人的标题")]);
    ask.extend(kept.iter().map(|(name, value)| (*name, value.as_str())));
    let page = one.save(&first, &ask).await.expect(422).has("name=\"region.pick\"").text();
    assert_eq!((marks(&page), hidden(&page, "title")), (opened, "第一人的标题".to_owned()));
    // Sent, it asks anew: nothing of the second's is written over unseen.
    let picked =
        [("region", "hangzhou xihu"), ("region.pick", "浙江省杭州市西湖区"), ("title", "第一人的标题")];
    one.save(&first, &picked).await.expect(409).has("name=\"pick.title\"").has("浙江省杭州市西湖区");
}

#[tokio::test]
async fn charges_and_subjects_are_not_written_over_either() {
    let app = TestApp::new().await;
    let (lead, first, second) = shared(&app).await;
    let charges = format!("/leads/{lead}/charges");
    let was = hidden(&first.get(&charges).await.expect(200).text(), "was");
    let theirs = hidden(&second.get(&charges).await.expect(200).text(), "was");
    second.post(&charges, &[("charges", "CL213"), ("charges", "CL214"), ("was", &theirs)]).await.expect(303);
    let clash = first.post(&charges, &[("charges", "CL215"), ("was", &was)]).await.expect(409);
    let clash = clash.has("编制人乙").has("name=\"pick.charges\"").text();
    let was = hidden(&clash, "was");
    let both = [("charges", "CL213"), ("charges", "CL214"), ("charges", "CL215"), ("was", &was)];
    first.post(&charges, &both).await.expect(303);

    let subjects = format!("/leads/{lead}/subjects");
    let shop = [("kind", "shop"), ("name", "好运鞋店"), ("identifier", "shop-0042"), ("note", "一层")];
    first.post(&subjects, &shop).await.expect(303);
    let page = first.get(&subjects).await.expect(200).text();
    let id = page.split("href=\"/subjects/").nth(1).and_then(|rest| rest.get(..36)).expect("a subject");
    let edit = format!("{subjects}/{id}");
    let was = hidden(&first.get(&edit).await.expect(200).text(), "was");
    let mut other = shop.to_vec();
    other.extend([("part", "供货"), ("was", was.as_str())]);
    second.post(&edit, &other).await.expect(303);
    let mut own = shop.to_vec();
    own[3].1 = "二层 仓库";
    own.push(("was", was.as_str()));
    let clash = first.post(&edit, &own).await.expect(409);
    let clash = clash.has("编制人乙").has("自动合并").has("供货").has("二层 仓库").text();
    assert_eq!(hidden(&clash, "part"), "供货");

    // The second makes another shop of it: the first is led there, with what was typed.
    let mut renamed = other.clone();
    renamed[2].1 = "shop-0043";
    renamed.retain(|(name, _)| *name != "was");
    let was = hidden(&first.get(&edit).await.expect(200).text(), "was");
    second.post(&edit, &renamed).await.expect(303);
    own.retain(|(name, _)| *name != "was");
    own.push(("was", was.as_str()));
    let clash = first.post(&edit, &own).await.expect(409).has("shop-0043").has("二层 仓库");
    clash.has_not(&format!("action=\"{edit}?"));
    // And takes it off: what was typed can be added anew.
    let page = second.get(&subjects).await.expect(200).text();
    let id = page.split("href=\"/subjects/").nth(1).and_then(|rest| rest.get(..36)).expect("a subject");
    second.post(&format!("{subjects}/{id}/remove"), &[]).await.expect(303);
    let gone = first.post(&format!("{subjects}/{id}"), &own).await.expect(409);
    gone.has("已从本线索移除").has("二层 仓库");
}

#[tokio::test]
async fn two_administrators_on_one_agency() {
    let app = TestApp::new().await;
    let (first, second) = (app.sign_in("admin").await, app.sign_in("admin").await);
    let new = [
        ("code", "GD-ECD"),
        ("name_zh", "广东省公安厅经济犯罪侦查局"),
        ("type", "PS-ECD"),
        ("level", "province"),
        ("region", "广东省"),
        ("channel", "portal"),
        ("takes", "trademark"),
        ("contacts[0].name", "张某"),
    ];
    let id = first.post("/agencies", &new).await.expect(303).id();
    let (path, edit) = (format!("/agencies/{id}"), format!("/agencies/{id}/edit"));
    let was = hidden(&first.get(&edit).await.expect(200).text(), "was");
    let mut theirs = new.to_vec();
    theirs[7].1 = "李某";
    theirs.push(("was", was.as_str()));
    second.post(&path, &theirs).await.expect(303);
    let mut mine = new.to_vec();
    mine.extend([("phone", "020-12345678"), ("was", was.as_str())]);
    let clash = first.post(&path, &mine).await.expect(409);
    let clash =
        clash.has("自动合并").has("联系人").has("李某").has("020-12345678").has_not("name=\"pick.").text();
    assert_eq!(hidden(&clash, "contacts[0].name"), "李某");
    let now = hidden(&clash, "was");
    mine[7].1 = "李某";
    mine.retain(|(name, _)| *name != "was");
    mine.push(("was", now.as_str()));
    first.post(&path, &mine).await.expect(303);
    second.get(&path).await.expect(200).has("李某").has("020-12345678");
}
