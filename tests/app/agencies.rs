//! The directory of agencies: administrators write it, the platform reads it, and no import does half of what it says.

use lead_handoff::directory::agencies::search;
use reqwest::multipart::{Form, Part};

use crate::support::{Browser, Reply, TestApp};

const NEW: [(&str, &str); 8] = [
    ("code", "GD-ECD"),
    ("name_zh", "广东省公安厅经济犯罪侦查局"),
    ("type", "PS-ECD"),
    ("level", "province"),
    ("region", "广东省"),
    ("channel", "portal"),
    ("takes", "trademark"),
    ("contacts[0].name", "张某"),
];

async fn upload(browser: &Browser, csv: &str) -> Reply {
    let form = Form::new().part("csv", Part::bytes(csv.as_bytes().to_vec()).file_name("a.csv"));
    let url = browser.url("/agencies/import");
    browser.send(browser.client.post(url).header("origin", &browser.base).multipart(form)).await
}

/// As a browser sends a file of these bytes.
async fn send_file(browser: &Browser, bytes: &[u8], name: &str) -> Reply {
    let form = Form::new().part("csv", Part::bytes(bytes.to_vec()).file_name(name.to_owned()));
    let url = browser.url("/agencies/import");
    browser.send(browser.client.post(url).header("origin", &browser.base).multipart(form)).await
}

/// What is no table is called so, and a plan and its faults are read in words beside the file's columns.
#[tokio::test]
async fn an_import_is_read_in_words_and_what_is_no_table_is_called_so() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let before = app.audit_count().await;
    let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    send_file(&admin, picture, "a.png").await.expect(422).has("这不是 CSV 文件").has_not("不认识的列名");
    send_file(&admin, b"", "a.csv").await.expect(422).has("文件为空");
    let faulty = "code,name_zh,type,level,region\n,甲局,SAMR,prefecture,330100\n";
    upload(&admin, faulty).await.expect(422).has("代码 <code>code</code>");
    let good = "code,name_zh,type,level,region,takes,channel\n\
        FS-1,佛山甲局,SAMR,prefecture,440600,trademark,paper\n";
    let page = upload(&admin, good).await.expect(200).has("<ins>纸质送达").has("佛山市");
    page.has_not("<ins>440600").has_not("<ins>prefecture").has_not("<ins>trademark");
    assert_eq!(app.audit_count().await, before);
}

/// Whoever can mend an empty list is led to where that is done; everybody else reads whom to ask.
#[tokio::test]
async fn an_empty_directory_leads_administrators_to_adding() {
    let app = TestApp::new().await;
    let empty = async |who: &str| {
        let page = app.sign_in(who).await.get("/agencies?q=没有这样的单位").await.expect(200).text();
        page.split("class=\"empty\"").nth(1).and_then(|rest| rest.split("</div>").next()).map(str::to_owned)
    };
    let own = empty("admin").await.expect("nothing found");
    assert!(own.contains("href=\"/agencies/new\"") && own.contains("href=\"/agencies/import\""), "{own}");
    let other = empty("compiler").await.expect("nothing found");
    assert!(other.contains("联系管理员") && !other.contains("/agencies/new"), "{other}");
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    page.split_once(&start).and_then(|(_, rest)| rest.split_once('"')).expect("a hidden field").0.to_owned()
}

#[tokio::test]
async fn an_administrator_adds_changes_and_ends_an_agency_and_the_platform_reads_it() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let made = admin.post("/agencies", &NEW).await.expect(303);
    assert_eq!(app.last_entry().await.verb, "agency.create");
    let id = made.id();
    let path = format!("/agencies/{id}");
    admin.post("/agencies", &NEW).await.expect(422).has("已被使用").has("广东省公安厅");

    admin.get(&format!("{path}/edit")).await.expect(200).has("张某");
    let mut changed = NEW.to_vec();
    changed[1].1 = "广东省公安厅经侦局";
    changed.extend([("parent", "NOBODY"), ("successor", "")]);
    admin.post(&path, &changed).await.expect(422).has("没有这个代码的单位");
    // What fits one agency alone, however long it is, is offered and not taken; its whole name is as good as its code.
    changed[8].1 = "guangzhou economic crime invest";
    let offered = admin.post(&path, &changed).await.expect(422);
    offered.has("name=\"parent.pick\" value=\"GZ-ECD\"").has_not("内容过长");
    changed[8].1 = "广州市公安局经侦支队";
    admin.post(&path, &changed).await.expect(303);
    admin.get(&format!("{path}/edit")).await.expect(200).has("value=\"GZ-ECD\"");
    let entry = app.last_entry().await;
    assert_eq!(entry.verb, "agency.change");
    assert_eq!(entry.facts()[0].1.replace(['[', ']', '"'], ""), "name_zh,parent");
    let entries = app.audit_count().await;
    admin.post(&path, &changed).await.expect(303);
    assert_eq!(app.audit_count().await, entries, "what is saved as it is, is no change");

    for reader in ["compiler", "approver", "manager", "auditor"] {
        let reader = app.sign_in(reader).await;
        reader.get("/agencies?q=GD-&region=广东省").await.expect(200).has("广东省公安厅经侦局");
        reader.get(&path).await.expect(200).has("张某").has("商标").has_not("/edit");
        reader.get(&format!("{path}/edit")).await.expect(404);
        reader.post(&path, &changed).await.expect(404);
    }
    let end = [("valid_to", "2018-12-31"), ("successor", "HZ-SAMR")];
    admin.get(&format!("{path}/close")).await.expect(200).has("name=\"valid_to\"");
    admin.post(&format!("{path}/close"), &end).await.expect(303);
    admin.get(&format!("{path}/close")).await.expect(409).has("已有终止日期");
    admin.post(&format!("{path}/close"), &end).await.expect(409);
    admin.get("/agencies").await.expect(200).has_not("GD-ECD");
    admin.get("/agencies?state=ended").await.expect(200).has("GD-ECD");
}

#[tokio::test]
async fn the_directory_is_not_there_for_agencies() {
    let app = TestApp::new().await;
    let liaison = app.sign_in("liaison").await;
    let own = app.seed.agencies["GZ-ECD"];
    for path in ["/agencies", "/agencies/new", "/agencies/export.csv", "/agencies/import"] {
        liaison.get(path).await.expect(404);
    }
    liaison.get(&format!("/agencies/{own}")).await.expect(404);
    liaison.post("/agencies", &NEW).await.expect(404);
}

#[tokio::test]
async fn all_agencies_that_sound_alike_are_found_however_many_there_are() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let mut csv = String::from("code,name_zh,type,level,region,parent\n");
    for n in 0..210 {
        csv.push_str(&format!("GZT-{n:03},广州市测试{n}局,SAMR,prefecture,440100,\n"));
    }
    let page = upload(&admin, &csv).await.expect(200).has("新增 210 个");
    let digest = hidden(&page.text(), "digest");
    let typed = csv.replace('\n', "\r\n");
    admin.post("/agencies/import/confirm", &[("csv", &typed), ("digest", &digest)]).await.expect(303);
    let table = admin.get("/agencies/export.csv?q=guangzhou&state=all").await.expect(200).text();
    assert_eq!(table.matches("GZT-").count(), 210);
}

#[tokio::test]
async fn an_import_is_shown_confirmed_and_written_whole_or_not_at_all() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let before = app.audit_count().await;
    let bad = "code,name_zh,type,level,region,parent\n\
        ZJ-SAMR,浙江省市场监督管理局,SAMR,province,330000,\n\
        HZ-SAMR,杭州市市场监督管理局,SAMR,prefecture,33010,ZJ-NONE\n\
        X-1,=1+1,SAMR,prefecture,330100,\n";
    upload(&admin, bad).await.expect(422).has("像是表格公式");
    let bad = bad.replace("=1+1", "甲");
    let page = upload(&admin, &bad).await.expect(422).has("没有导入任何内容").has("没有这个代码的单位");
    assert!(page.text().contains("六位代码") && page.text().contains(">3<"));
    assert_eq!(app.audit_count().await, before);

    let good = bad.replace("33010,", "330100,").replace("ZJ-NONE", "ZJ-SAMR");
    let page = upload(&admin, &good).await.expect(200).has("新增 2 个，修改 1 个，不变 0 个");
    let digest = hidden(&page.text(), "digest");
    admin.get("/agencies?q=ZJ-SAMR").await.expect(200).has("没有符合条件");
    let other = good.replace("甲", "乙");
    let confirm = "/agencies/import/confirm";
    admin.post(confirm, &[("csv", &other), ("digest", &digest)]).await.expect(409);
    let before = app.audit_count().await; // the refusal is on record too
    let typed = good.replace('\n', "\r\n");
    admin.post(confirm, &[("csv", &typed), ("digest", &digest)]).await.expect(303);
    assert_eq!(app.audit_count().await, before + 1);
    let id = app.seed.agencies["HZ-SAMR"];
    admin.get(&format!("/agencies/{id}")).await.expect(200).has("浙江省市场监督管理局");
    upload(&admin, &good).await.expect(200).has("无需导入");

    let table = admin.get("/agencies/export.csv?state=all").await.expect(200).text();
    assert!(table.starts_with("\u{FEFF}代码,中文名称,英文名称,类型,级别,辖区,"), "{table}");
    assert!(table.contains("HZ-SAMR,") && table.contains("SAMR,prefecture,330100,"), "{table}");
    upload(&admin, &table).await.expect(200).has("无需导入");
}

/// What goes out of the directory says what it is, and comes in again as it went out, in either language.
#[tokio::test]
async fn a_file_of_the_directory_says_what_it_is_and_comes_in_again_as_no_change() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let file = admin.get("/agencies/export.csv?level=prefecture").await.expect(200).text();
    let (rows, about) = file.split_once("\r\n\r\n").expect("a note below an empty line");
    let count = rows.lines().count() - 1;
    assert!(about.starts_with("导出说明\r\n列表,"), "{about}");
    for line in ["级别：", "导出时间,", "导出人,", &format!("行数,{count}\r\n")] {
        assert!(about.contains(line), "{line}: {about}");
    }
    upload(&admin, &file).await.expect(200).has(&format!("不变 {count} 个")).has("无需导入");
    // As a spreadsheet saves it: every row has as many cells as the first.
    let cells = rows.lines().next().expect("a head").matches(',').count();
    let saved: Vec<String> = file
        .lines()
        .map(|line| match line.matches(',').count() {
            n if n < cells && !line.contains('"') => format!("{line}{}", ",".repeat(cells - n)),
            _ => line.to_owned(),
        })
        .collect();
    upload(&admin, &saved.join("\r\n")).await.expect(200).has("无需导入");

    // Whatever language the reader has, the names of the columns and the heads of the other language are read too.
    let heads = rows.lines().next().expect("a head").trim_start_matches('\u{FEFF}');
    let english = "Code,Chinese name,English name,Type,Level,Region,Parent agency,What it takes,Channel,Default \
        addressee,Address,Phone,E-mail,Agreed days to acknowledge,Agreed days to accept,Active from,Active to,\
        Successor,Contact’s name,Position,Contact’s phone,Contact’s e-mail,Note,Source";
    let codes = "code,name_zh,name_en,type,level,region,parent,takes,channel,addressee,address,phone,email,\
        ack_days,accept_days,valid_from,valid_to,successor,contact_name,contact_title,contact_phone,\
        contact_email,note,source";
    for other in [english, codes] {
        upload(&admin, &file.replacen(heads, other, 1)).await.expect(200).has("无需导入");
    }
    // A row of too few cells is none of the note.
    let short = format!("{rows}\r\nX-9,某局\r\n");
    upload(&admin, &short).await.expect(422).has("请检查引号和列数");
}

#[tokio::test]
async fn an_unknown_word_in_a_file_is_told_with_what_may_stand_there() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let bad = "代码,中文名称,类型,级别,辖区,受理范围,送达方式\n\
        X-1,某局,工商局,市级,330100,trademark;假药,传真\n";
    let page = upload(&admin, bad).await.expect(422).has_not("请从列表中选择");
    let page = page.has("类型 <code>type</code>").has("送达方式 <code>channel</code>").text();
    for told in [
        "“工商局”不能识别，可填：",
        "“市级”不能识别",
        "prefecture（市级）",
        "“假药”不能识别",
        "“传真”不能识别",
    ] {
        assert!(page.contains(told), "no {told} in {page}");
    }
}

#[tokio::test]
async fn everyone_who_is_signed_in_reads_the_reference_of_a_day() {
    let app = TestApp::new().await;
    for reader in ["liaison", "admin", "compiler"] {
        let reader = app.sign_in(reader).await;
        let page = reader.get("/reference/charges?at=2016-06-01&q=CL141").await.expect(200);
        page.has("生产、销售假药罪").has_not("生产、销售、提供假药罪");
        reader.get("/reference/charges?at=2022-06-01&q=CL141").await.expect(200).has("提供假药");
        for words in ["假冒注册商标罪", "counterfeiting registered trademark", "刑法 213", "第213条"]
        {
            let q: String = url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
            let page = reader.get(&format!("/reference/charges?at=2016-06-01&q={q}")).await.expect(200);
            page.has("CL213").has_not("CL141");
        }
        reader.get("/reference/regions?at=2016-06-01&q=下城").await.expect(200).has("330103");
        reader.get("/reference/regions?parent=330100").await.expect(200).has("西湖区").has("浙江省");
        for part in ["reasons", "clocks", "categories", "calendar", "calendar?year=2016"] {
            reader.get(&format!("/reference/{part}")).await.expect(200).has("<tbody>");
        }
    }
    app.stranger().get("/reference/charges").await.expect(303);
}

/// Of a directory of any size so many names are compared by their sounds; what holds the text itself is found all the same.
#[tokio::test]
async fn an_agency_is_found_while_somebody_types_however_large_the_directory_is() {
    let app = TestApp::new().await;
    let found = async |text: &'static str, heard: i64| -> Vec<String> {
        let today = "2026-01-05".parse().expect("a day");
        let read = app.services.db.read(move |conn| search::search_by(conn, text, today, 8, heard)).await;
        read.expect("agencies").into_iter().map(|one| one.code).collect()
    };
    for (text, of_all, of_one) in [
        ("guangzhou", &["GZ-ECD"][..], &["GZ-ECD"][..]),
        ("hangzhoushi", &["HZ-SAMR"], &[]),
        ("杭州", &["HZ-SAMR"], &["HZ-SAMR"]),
        ("hz-samr", &["HZ-SAMR"], &["HZ-SAMR"]),
    ] {
        assert_eq!(found(text, search::HEARD).await, of_all, "{text}");
        assert_eq!(found(text, 1).await, of_one, "{text} behind the first one");
    }
}
