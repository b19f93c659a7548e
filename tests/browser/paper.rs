//! Pages on paper: their matter in full, whatever a screen folds, with nothing to press; and so in the printed file.

use std::process::Command;

use serde_json::json;

use crate::{
    desk::{Desk, Manner},
    support::{TestApp, ledger::Sent, seed::GUANGZHOU, story, today},
};

/// What nobody can do anything with on paper, and what tells somebody at a screen what to do next.
const PRESSED: &str = "button, select, textarea, input:not([type=hidden]), .button, .button-primary, .side, .menu, \
                       .trail, .top-search, .top-end, .foot, .tabs:not(.states), .picking-bar, .list-tools, \
                       .filter-fields, .notice-next, .unprinted";

impl Desk<'_> {
    /// Shows pages as they are printed, or as on a screen again.
    pub async fn on_paper(&self, is_on: bool) {
        let media = if is_on { "print" } else { "" };
        self.chrome.cdp("Emulation.setEmulatedMedia", json!({"media": media})).await;
    }

    /// What the file says that the page is printed into, without white space: a narrow cell breaks a number in two.
    pub async fn printed(&self) -> String {
        let printed = self.chrome.cdp("Page.printToPDF", json!({"preferCSSPageSize": true})).await;
        let data = printed["data"].as_str().expect("a file").as_bytes();
        let file = self.app.data.path().join("printed.pdf");
        std::fs::write(&file, data_encoding::BASE64.decode(data).expect("base64")).expect("written");
        let read = Command::new("pdftotext").arg("-raw").arg(&file).arg("-").output().expect("pdftotext");
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
        String::from_utf8_lossy(&read.stdout).split_whitespace().collect()
    }
}

/// What is on the paper of the page that is open, and what is not; `says` is in the printed file too.
async fn check(desk: &Desk<'_>, says: &[&str]) {
    desk.on_paper(true).await;
    let path = desk.path().await;
    let seen = desk.js("return document.querySelector('h1').checkVisibility()").await;
    assert_eq!(seen, json!(true), "the heading of {path}");
    desk.has_in("打印于", "printed ").await;
    for text in says {
        desk.has(text).await;
    }
    let pressed = desk
        .js(&format!(
            "return [...document.querySelectorAll(`{PRESSED}`)].filter((at) => at.checkVisibility()) \
             .map((at) => `${{at.tagName}}.${{at.className}} ${{at.textContent.trim().slice(0, 40)}}`);"
        ))
        .await;
    assert_eq!(pressed, json!([]), "nobody presses anything on the paper of {path}");
    let folded = desk
        .js("const isSeen = (at) => at.checkVisibility(); \
             return [...document.querySelectorAll('main details')].filter((fold) => \
             isSeen(fold.firstElementChild) && ![...fold.children].slice(1).some(isSeen)) \
             .map((fold) => fold.textContent.trim().slice(0, 60));")
        .await;
    assert_eq!(folded, json!([]), "nothing is folded on the paper of {path}");
    desk.on_paper(false).await;
    let printed = desk.printed().await;
    for text in says {
        let text: String = text.split_whitespace().collect();
        assert!(printed.contains(&text), "no «{text}» in the printed file of {path}: {printed}");
    }
}

/// Of a list the usual columns are in sight on a laptop in both languages, and on paper no number and no date is in two.
async fn fits(desk: &mut Desk<'_>, path: &str) {
    for lang in ["en", "zh-CN"] {
        desk.resize(1280).await;
        desk.speak(lang, path).await;
        let cut = "const box = document.querySelector('.table'); return box.scrollWidth - box.clientWidth";
        assert_eq!(desk.js(cut).await, json!(0), "{path} ({lang}) is wider than a laptop");
        // As wide as A4 is between its margins.
        desk.resize(688).await;
        desk.on_paper(true).await;
        let broken = desk
            .js("const found = []; \
                 for (const cell of document.querySelectorAll('td.nowrap, td time, td .nowrap')) { \
                   const words = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT); \
                   while (words.nextNode()) { \
                     const range = document.createRange(); \
                     range.selectNodeContents(words.currentNode); \
                     if (range.getClientRects().length > 1) found.push(words.currentNode.data); \
                   } \
                 } \
                 return found")
            .await;
        assert_eq!(broken, json!([]), "{path} ({lang}) on paper");
        desk.on_paper(false).await;
    }
    desk.resize(1280).await;
}

/// The number that stands beside the heading; whose it is stands behind it on one side's pages.
async fn number_of(desk: &Desk<'_>) -> String {
    let number = desk.js("return document.querySelector('.heading-number').textContent.trim()").await;
    let number = number.as_str().and_then(|number| number.split(" · ").next());
    number.expect("a number").to_owned()
}

/// The lists of work, of agencies and of people, each in one language: what they are of stands on their paper.
async fn check_lists(desk: &mut Desk<'_>, number: &str, sent: &str) {
    for (who, path, lang, says) in [
        ("compiler", "/dossiers", "zh-CN", number),
        ("compiler", "/transfers", "en", sent),
        ("manager", "/cases", "zh-CN", "GZ-2026-17"),
        ("auditor", "/agencies", "en", GUANGZHOU),
        ("admin", "/admin/people", "zh-CN", "compiler2"),
    ] {
        desk.manner.lang = lang;
        desk.seat(who, path).await;
        assert!(desk.count("tbody tr").await > 0, "{path}: {}", desk.text().await);
        check(desk, &[says]).await;
    }
    desk.manner.lang = "zh-CN";
}

/// What the stories of one lead left behind.
struct Left {
    lead: String,
    transfer: String,
    case: String,
}

/// A lead that went to the police of Guangzhou and became a case there, and papers that disagree on a figure of 2016.
async fn leave(app: &TestApp) -> Left {
    let (lead, dossiers) = story::sealed(app, &[GUANGZHOU]).await;
    let dossier = dossiers[0].to_string();
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let fields = [("dossier", dossier.as_str()), ("channel", "portal")];
    let transfer = format!("/transfers/{}", compiler.post("/transfers/new", &fields).await.expect(303).id());
    liaison.post(&format!("{transfer}/acknowledge"), &[]).await.expect(303);
    liaison.post(&format!("{transfer}/accept"), &[("officer", "王警官")]).await.expect(303);
    let day = today();
    let fields = [("number", "GZ-2026-17"), ("filed_on", day.as_str())];
    liaison.post(&format!("{transfer}/file"), &fields).await.expect(303);
    let page = liaison.get(&transfer).await.expect(200).text();
    let case = page.split('"').find(|part| part.starts_with("/cases/")).expect("a case").to_owned();
    app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    app.publish_conflict().await;
    app.settle().await;
    Left { lead: format!("/leads/{lead}"), transfer, case }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_on_paper_has_its_matter_in_full_and_nothing_to_press() {
    let app = TestApp::new().await;
    let left = leave(&app).await;
    let manner = Manner { lang: "zh-CN", scripts: true, closely: false };
    let mut desk = Desk::new(&app, manner).await;
    let title = "疑似销售假冒注册商标的手表";

    desk.seat("compiler", &left.lead).await;
    let number = number_of(&desk).await;
    check(&desk, &[&number, title, "编制人甲"]).await;
    desk.open("/leads").await;
    assert_eq!(desk.count("tbody tr").await, 2, "{}", desk.text().await);
    check(&desk, &[&number, title, "假冒润滑油"]).await;
    fits(&mut desk, "/leads").await;
    desk.open(&left.transfer).await;
    assert_eq!(desk.count("details.items:not([open])").await, 1, "a screen folds the list of evidence");
    let sent = number_of(&desk).await;
    check(&desk, &[&sent, "商品页面.txt"]).await;
    // What is to be done next with a draft is for whoever is at a screen.
    let draft = app.seed.lead(&app.services, "compiler");
    desk.open(&format!("/leads/{draft}")).await;
    assert_eq!(desk.count(".notice-next").await, 1, "{}", desk.text().await);
    check(&desk, &[title]).await;

    desk.seat("liaison", &left.transfer).await;
    check(&desk, &[&sent, "商品页面.txt"]).await;
    desk.open(&left.case).await;
    check(&desk, &["GZ-2026-17", &sent]).await;

    desk.seat("manager", "/reports/2016").await;
    check(&desk, &["2016", "来源不一致", "474", "浙江日报"]).await;
    desk.resize(360).await;
    let cut = "const all = [...document.querySelectorAll('.table-stack')]; \
               return [all.length > 3, all.filter((box) => box.scrollWidth > box.clientWidth).length]";
    assert_eq!(desk.js(cut).await, json!([true, 0]), "what is a list fits a phone");
    desk.resize(1280).await;
    desk.open("/outcomes?by=identity&counted=1&kind=arrest").await;
    assert_eq!(desk.count(".notice-info").await, 1, "{}", desk.text().await);
    let note = desk.js("return document.querySelector('.notice-info').innerText.trim().slice(0, 12)").await;
    check(&desk, &[note.as_str().expect("a note")]).await;

    desk.seat("auditor", "/audit").await;
    let rows = desk.count("main ol.lines > li").await;
    assert!(rows > 10 && desk.count("main ol.lines details[open]").await == 0, "{rows}");
    check(&desk, &["transfer.view", "case.view", "report.view", &number]).await;
    check_lists(&mut desk, &number, &sent).await;
}
