//! Quantity, remark and witness of an item go all the way: from the form to its page, the API, the lists and the package.

use std::io::{Cursor, Read};

use lead_handoff::{casework::dossier::verify, platform::db::Id};
use reqwest::multipart::{Form, Part};

use super::custody::text_of;
use crate::support::{Browser, Reply, TestApp, fixtures, seed::GUANGZHOU, story};

const QUANTITY: &str = "1204 条记录";
const REMARK: &str = "原始介质由平台保管，未作增删改";
const WITNESS: &str = "见证人甲";

/// Sends a file with what else is said of it.
async fn upload(browser: &Browser, lead: Id, name: &str, more: &[(&str, &str)]) -> Reply {
    let mut form = Form::new();
    for (name, value) in story::DETAILS.iter().chain(more) {
        form = form.text((*name).to_owned(), (*value).to_owned());
    }
    let bytes = format!("订单,{name}").into_bytes();
    form = form.part("file", Part::bytes(bytes).file_name(name.to_owned()));
    let path = browser.url(&format!("/leads/{lead}/evidence"));
    browser.send(browser.client.post(path).header("origin", &browser.base).multipart(form)).await
}

/// The rows of a list by their columns' place, its head first.
fn rows(csv: &[u8]) -> Vec<Vec<String>> {
    let text = csv.strip_prefix("\u{feff}".as_bytes()).expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    let records = reader.records().map(|row| row.expect("a row"));
    records.map(|row| row.iter().map(str::to_owned).collect()).collect()
}

/// What a list says under a column whose name begins so, row by row.
fn column(rows: &[Vec<String>], name: &str) -> Vec<String> {
    let at = rows[0].iter().position(|head| head.starts_with(name)).expect("the column");
    rows[1..].iter().map(|row| row[at].clone()).collect()
}

/// The files of a package by their path in it.
fn file(package: &[u8], path: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).expect("a package");
    for n in 0..archive.len() {
        let mut file = archive.by_index(n).expect("a file");
        if file.name().expect("a name").ends_with(path) {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("read");
            return bytes;
        }
    }
    panic!("no {path} in the package")
}

#[tokio::test]
async fn quantity_remark_and_witness_stand_on_the_page_and_in_every_list() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let said = [("quantity", QUANTITY), ("remark", REMARK), ("witness", WITNESS)];
    compiler.get(&format!("/leads/{lead}/evidence")).await.expect(200).has("name=\"witness\"");

    // A wrong turn is said beside its field, keeps what was typed, and leaves nothing.
    let long = "见".repeat(201);
    let before = app.audit_count().await;
    let wrong = [("quantity", QUANTITY), ("witness", long.as_str())];
    upload(&compiler, lead, "订单.csv", &wrong).await.expect(422).has("f-witness-error").has(QUANTITY);
    // The page that is shown again is a look at the list.
    assert_eq!(app.audit_count().await, before + 1);
    assert_eq!(app.last_entry().await.verb, "evidence.list");
    assert_eq!(app.stored_objects().await, 0);
    upload(&app.sign_in("compiler2").await, lead, "订单.csv", &said).await.expect(409);

    let before = app.audit_count().await;
    upload(&compiler, lead, "订单.csv", &said).await.expect(303);
    assert_eq!(app.audit_count().await, before + 1);
    let entry = app.last_entry().await;
    assert_eq!(entry.verb, "evidence.register");
    assert!(!entry.leaf.to_string().contains(WITNESS), "{}", entry.leaf);
    let item = story::items(&compiler, lead).await.remove(0);
    let bare = story::note(&compiler, lead, "研判说明", "无见证人").await;

    let page = compiler.get(&format!("/evidence/{item}")).await.expect(200);
    page.has("数量（记录数）").has(QUANTITY).has(REMARK).has(WITNESS);
    compiler.get(&format!("/evidence/{bare}")).await.expect(200).has_not(WITNESS).has_not("数量（记录数）");
    let token = fixtures::token_for(&app, "compiler", &["read"]).await;
    let program = app.stranger();
    let asked = program.client.get(program.url(&format!("/api/v1/evidence/{item}"))).bearer_auth(&token);
    let told = program.send(asked).await.expect(200).json();
    for (name, value) in said {
        assert_eq!(told[name], value, "{name}");
    }

    let list = format!("/leads/{lead}/evidence");
    let export = compiler.get(&format!("{list}/export?format=csv")).await.expect(200);
    export.has(QUANTITY).has(REMARK).has(WITNESS);
    let text = text_of(&compiler.get(&format!("/evidence/{item}/custody.pdf")).await.expect(200).bytes);
    assert!(text.contains(WITNESS) && text.contains("1204"), "{text}");
    let own = rows(&compiler.get(&format!("{list}/list.csv")).await.expect(200).bytes);
    assert_eq!(column(&own, "见证人"), [WITNESS, ""]);
    assert_eq!(column(&own, "数量"), [QUANTITY, ""]);
    assert_eq!(column(&own, "备注"), [REMARK, ""]);
    let text = text_of(&compiler.get(&format!("{list}/list.pdf")).await.expect(200).bytes);
    for words in ["姓名：见证人甲", "数量（记录数）", "备注"] {
        assert!(text.contains(words), "no «{words}» in {text}");
    }
}

#[tokio::test]
async fn a_package_lists_them_and_verifies_and_leaves_the_witness_blank_where_nobody_is_named() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let said = [("quantity", QUANTITY), ("remark", REMARK), ("witness", WITNESS)];
    for more in [&said[..], &[]] {
        let lead = app.seed.lead(&app.services, "compiler");
        upload(&compiler, lead, "订单.csv", more).await.expect(303);
        let items = story::items(&compiler, lead).await;
        let dossiers = story::seal_version(&app, lead, 1, &[GUANGZHOU], &items, &[]).await;
        let got = compiler.get(&format!("/dossiers/{}/package.zip", dossiers[0])).await.expect(200);
        let package = got.bytes;
        let key = app.services.signer.public().to_string().parse().expect("a key");
        let report = verify::verify(Cursor::new(&package), &[key], &mut |_, _| {}).expect("readable");
        assert_eq!(report.verdict, verify::Verdict::Authentic, "{:?}", report.faults);

        let of = |name: &str| more.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| *value);
        let list = rows(&file(&package, "data/evidence-list.csv"));
        assert_eq!(column(&list, "见证人"), [of("witness")]);
        assert_eq!(column(&list, "数量"), [of("quantity")]);
        assert_eq!(column(&list, "备注"), [of("remark")]);
        let facts = String::from_utf8(file(&package, "data/lead.json")).expect("text");
        assert_eq!(facts.contains("\"witness\":"), !more.is_empty(), "{facts}");
        let paper = text_of(&file(&package, "data/dossier.pdf"));
        assert_eq!(paper.contains("姓名：见证人甲"), !more.is_empty(), "{paper}");
        assert!(paper.contains("见证人") && paper.contains("签名："), "{paper}");
    }
}

#[tokio::test]
async fn a_note_and_a_fact_say_quantity_remark_and_witness_as_files_do() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let said = [("quantity", QUANTITY), ("remark", REMARK), ("witness", WITNESS)];
    let (list, act) = (format!("/leads/{lead}/evidence"), format!("/leads/{lead}/evidence/note"));
    let folded = |page: &str| {
        let form = page.split("id=\"note\"").nth(1).expect("the form of a note").to_owned();
        let part = form.split("<details class=\"more\"").nth(1).expect("what may be said").to_owned();
        for (name, _) in said {
            assert!(part.contains(&format!("name=\"{name}\"")), "no {name} in {part}");
        }
        !part.starts_with(" open")
    };
    assert!(folded(&compiler.get(&list).await.expect(200).text()));

    // A wrong turn is said beside its field, keeps what was typed with the part open, and leaves nothing.
    let typed = |kind: &'static str, more: &[(&'static str, &'static str)]| {
        let mut fields = vec![("kind", kind), ("name", "后台记录"), ("text", "登录 3 次")];
        fields.extend(story::DETAILS);
        fields.extend(more);
        fields
    };
    let long: &'static str = "见".repeat(201).leak();
    let before = app.audit_count().await;
    let wrong = compiler.post(&act, &typed("fact", &[("remark", REMARK), ("witness", long)])).await;
    let wrong = wrong.expect(422).has("f-note-witness-error").has(REMARK).text();
    assert!(!folded(&wrong));
    assert_eq!((app.audit_count().await, app.stored_objects().await), (before + 1, 0));
    assert_eq!(app.last_entry().await.verb, "evidence.list");

    for kind in ["note", "fact"] {
        let before = app.audit_count().await;
        compiler.post(&act, &typed(kind, &said)).await.expect(303);
        assert_eq!(app.audit_count().await, before + 1);
        let entry = app.last_entry().await;
        assert_eq!(entry.verb, "evidence.register");
        assert!(!entry.leaf.to_string().contains(WITNESS), "{}", entry.leaf);
    }
    compiler.post(&act, &typed("note", &[])).await.expect(303);
    let token = fixtures::token_for(&app, "compiler", &["read"]).await;
    let program = app.stranger();
    for (item, told) in story::items(&compiler, lead).await.into_iter().zip([true, true, false]) {
        let page = compiler.get(&format!("/evidence/{item}")).await.expect(200);
        if told {
            page.has(QUANTITY).has(REMARK).has(WITNESS)
        } else {
            page.has_not(WITNESS)
        };
        let asked = program.client.get(program.url(&format!("/api/v1/evidence/{item}"))).bearer_auth(&token);
        let item = program.send(asked).await.expect(200).json();
        for (name, value) in said {
            assert_eq!(item[name], if told { value } else { "" }, "{name}");
        }
    }
    let own = rows(&compiler.get(&format!("{list}/list.csv")).await.expect(200).bytes);
    assert_eq!(column(&own, "见证人"), [WITNESS, WITNESS, ""]);
    assert_eq!(column(&own, "数量"), [QUANTITY, QUANTITY, ""]);
    assert_eq!(column(&own, "备注"), [REMARK, REMARK, ""]);
}
