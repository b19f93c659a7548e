//! One lead from the first word to the annual report, in a real browser, by everybody it passes through.

mod acts;
mod acts_account;
mod acts_admin;
mod acts_agency;
mod acts_compiler;
mod acts_evidence;
mod acts_manager;
mod axe;
mod chrome;
mod desk;
mod desk_admin;
mod desk_answered;
mod desk_between;
mod desk_corrected;
mod desk_day;
mod desk_dropped;
mod desk_errors;
mod desk_keys;
mod desk_keys_way;
mod desk_narrow;
mod desk_refused;
mod desk_returned;
mod desk_second;
mod desk_ticks;
mod paper;
mod passkeys;
mod resumed;
mod states;
#[path = "../support/mod.rs"]
mod support;
mod tus;
mod verify;
mod walk;

use std::time::Duration;

use desk::{Desk, Manner};
use lead_handoff::platform::time::day_of;
use support::{TestApp, seed::GUANGZHOU};

/// Longer than it takes by far; a journey that hangs is ended.
const PATIENCE: Duration = Duration::from_secs(420);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_goes_all_the_way() {
    go(Manner::usual()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_goes_all_the_way_in_english_without_scripts() {
    go(Manner { lang: "en", scripts: false, closely: false }).await;
}

async fn go(manner: Manner) {
    let app = TestApp::new().await;
    let mut desk = Desk::new(&app, manner).await;
    let done = tokio::time::timeout(PATIENCE, journey(&mut desk)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{} faults on the way:\n{}", faults.len(), faults.join("\n"));
    done.expect("the journey ends in time");
}

async fn journey(desk: &mut Desk<'_>) {
    let lead = without_scripts(desk).await;
    describe(desk, &lead).await;
    gather(desk, &lead).await;
    let review = compose(desk, &lead).await;
    approve(desk, &review).await;
    send(desk, &lead).await;
    let case = take_over(desk).await;
    let outcome = propose(desk, &case).await;
    confirm(desk, &outcome).await;
    look_back(desk, &lead).await;
}

/// Signing in and drafting work without any script. Gives the path of the lead.
async fn without_scripts(desk: &mut Desk<'_>) -> String {
    desk.open("/login").await;
    desk.speak(desk.manner.lang, "/login").await;
    desk.look("login").await;
    desk.scripts(false).await;
    desk.log_in("compiler").await;
    desk.look("home-compiler").await;
    desk.open("/leads/new").await;
    desk.look("lead-new").await;
    desk.write("[name=summary]", "店铺以明显低于市场的价格销售标有知名商标的手表。").await;
    desk.press("main form[action^='/leads/new'] .buttons button").await;
    assert!(desk.count(".field-bad [name=title]").await == 1, "the fault is beside its field");
    let kept = desk.find("[name=summary]").await.prop("value").await.expect("a value");
    assert!(
        kept.is_some_and(|text| text.starts_with("店铺以明显低于市场的价格")),
        "what was typed is still there"
    );
    desk.expect_refusal().await;
    desk.write("[name=title]", "疑似销售假冒注册商标的手表").await;
    desk.write("[name=region]", "广东省广州市白云区").await;
    desk.write("[name=brands]", "示例品牌").await;
    desk.write("[name='estimated_value.amount']", "120000").await;
    desk.set("[name='estimated_value.qualifier']", "estimated").await;
    desk.set("[name='estimated_value.basis']", "list_price").await;
    for name in ["source.kind", "sender_role"] {
        assert_eq!(
            desk.value(&format!("[name='{name}']")).await,
            "",
            "nothing is chosen for anybody: {name}"
        );
    }
    desk.set("[name='source.kind']", "risk_model").await;
    desk.set("[name='sender_role']", "reporter").await;
    desk.press("main form[action^='/leads/new'] .buttons button").await;
    let lead = desk.path().await;
    let lead = lead.split('?').next().unwrap_or_default().to_owned();
    assert!(lead.starts_with("/leads/") && lead.len() > 40, "{lead}: {}", desk.text().await);
    desk.open(&format!("{lead}/evidence")).await;
    assert_eq!(desk.count("p.chosen").await, 0, "no script ran until here");
    desk.scripts(desk.manner.scripts).await;
    lead
}

async fn describe(desk: &mut Desk<'_>, lead: &str) {
    desk.open(&format!("{lead}/charges")).await;
    desk.js("document.getElementById('charge-CL214').closest('details').open = true").await;
    desk.tick("#charge-CL214").await;
    desk.press("form.panel .buttons button").await;
    desk.open(&format!("{lead}/charges")).await;
    desk.look("charges").await;
    desk.open(&format!("{lead}/subjects")).await;
    desk.set("form.panel [name=kind]", "person").await;
    desk.write("form.panel [name=name]", "主犯甲").await;
    desk.write("form.panel [name=part]", "店铺经营者").await;
    desk.press("form.panel .buttons button").await;
    desk.has("主犯甲").await;
    desk.look("subjects").await;
    desk.open(&format!("{lead}/sites")).await;
    desk.write("form.panel [name=region]", "广东省广州市白云区").await;
    desk.write("form.panel [name=address]", "示例路 1 号仓库").await;
    desk.set("form.panel [name=role]", "storage").await;
    desk.press("form.panel .buttons button").await;
    desk.has("示例路 1 号仓库").await;
    desk.look("sites").await;
}

/// Where an item of evidence comes from, in one of the two forms.
async fn provenance(desk: &Desk<'_>, form: &str) {
    for (name, text) in
        [("source", "https://example.com/item/1"), ("collected_by", "编制人甲"), ("method", "网页截图")]
    {
        desk.write(&format!("{form} [name={name}]"), text).await;
    }
    desk.set(&format!("{form} [name=collected_at]"), "2016-05-04T09:30").await;
}

async fn gather(desk: &mut Desk<'_>, lead: &str) {
    let file = desk.app.data.path().join("商品页面.png");
    image::RgbImage::from_pixel(64, 48, image::Rgb([200, 60, 40])).save(&file).expect("a picture");
    desk.open(&format!("{lead}/evidence")).await;
    let form = "form[action*='/evidence?']";
    desk.write(&format!("{form} [name=file]"), &file.display().to_string()).await;
    if desk.manner.scripts {
        desk.has("商品页面.png").await;
    }
    provenance(desk, form).await;
    let upload = format!("{form} .buttons button");
    if desk.manner.scripts {
        desk.find(&upload).await.click().await.expect("pressed");
        desk.until("document.querySelector('.queue > li[data-state=done]')").await;
    } else {
        desk.press(&upload).await;
    }
    let form = "form[action*='/evidence/note']";
    desk.tick(&format!("{form} [name=kind]")).await;
    desk.write(&format!("{form} [name=name]"), "销量记录").await;
    desk.write(&format!("{form} [name=text]"), "标价 199 元，页面显示已售 1,024 件。").await;
    provenance(desk, form).await;
    desk.press(&format!("{form} .buttons button")).await;
    assert_eq!(desk.count("td a[href^='/evidence/']").await, 2, "{}", desk.text().await);
    desk.look("evidence").await;
    desk.press("td a[href^='/evidence/']").await;
    desk.look("evidence-item").await;
}

/// Composes for Guangzhou and submits. Gives the path of the review.
async fn compose(desk: &mut Desk<'_>, lead: &str) -> String {
    desk.open(&format!("{lead}/dossiers/new")).await;
    desk.look("dossier-new").await;
    let guangzhou = desk.app.seed.agencies[GUANGZHOU];
    let agency = format!("[name=agencies][value='{guangzhou}']");
    let withheld = format!("[name='withhold-{guangzhou}']");
    assert!(!desk.find(&withheld).await.is_displayed().await.expect("known"), "asked of a ticked one alone");
    if !desk.find(&agency).await.is_selected().await.expect("known") {
        desk.tick(&agency).await;
    }
    desk.click(&format!("li:has([value='{guangzhou}']) > .withhold > summary")).await;
    assert!(
        desk.find(&withheld).await.is_displayed().await.expect("known"),
        "folded, and opened without a script"
    );
    if desk.manner.scripts {
        desk.fill(&withheld, "2").await;
        desk.until("document.querySelector('.withhold output').textContent === '1 项'").await;
        desk.find(&withheld).await.clear().await.expect("cleared");
    }
    for n in 0..2 {
        let item = format!("tr:nth-child({}) [name=evidence]", n + 1);
        if !desk.find(&item).await.is_selected().await.expect("known") {
            desk.tick(&item).await;
        }
    }
    // The box above them tells whether all are ticked, from the page's first moment on.
    if desk.manner.scripts {
        let (all, first) = ("document.querySelector('[data-all]')", "tr:nth-child(1) [name=evidence]");
        desk.until(&format!("{all}.checked && !{all}.indeterminate")).await;
        desk.click(first).await;
        desk.until(&format!("!{all}.checked && {all}.indeterminate")).await;
        desk.click(first).await;
        desk.until(&format!("{all}.checked && !{all}.indeterminate")).await;
    }
    // The Enter key in the search looks for agencies, though for the same as before, and composes nothing. (Without a script
    // it presses the form's button.)
    if desk.manner.scripts {
        desk.enter("form[data-guard] [name=q]").await;
        assert!(desk.find(&agency).await.is_selected().await.expect("known"), "{}", desk.text().await);
    }
    desk.press("form[data-guard] .buttons button").await;
    desk.app.settle().await;
    desk.open(&format!("{lead}/dossiers")).await;
    desk.look("dossiers").await;
    desk.press("form[action*='/submit?'] button").await;
    let review = desk.path().await;
    assert!(review.starts_with("/approvals/"), "{review}");
    desk.look("review-compiler").await;
    desk.log_out().await;
    review.split('?').next().unwrap_or_default().to_owned()
}

async fn approve(desk: &mut Desk<'_>, review: &str) {
    desk.log_in("approver").await;
    desk.look("home-approver").await;
    desk.open("/approvals").await;
    desk.look("approvals").await;
    desk.press(&format!("td a[href='{review}']")).await;
    desk.look("review").await;
    assert_eq!(desk.count("iframe").await, 2, "letter and dossier");
    for n in 1..=2 {
        let frame = desk.attribute(&format!("figure:nth-of-type({n}) iframe"), "src").await;
        let (status, kind, start) = desk.fetch(&frame).await;
        assert_eq!((status, kind.as_str(), start.as_str()), (200, "application/pdf", "%PDF"), "{frame}");
    }
    let code = desk.code("approver").await;
    desk.write("form[action*='/approve?'] [name=code]", &code).await;
    desk.press("form[action*='/approve?'] .buttons button").await;
    desk.app.settle().await;
    desk.open(review).await;
    assert_eq!(desk.count("form[action*='/approve?']").await, 0, "decided");
    desk.look("review-approved").await;
    desk.log_out().await;
}

async fn send(desk: &mut Desk<'_>, lead: &str) {
    desk.log_in("compiler").await;
    desk.open(&format!("{lead}/dossiers")).await;
    desk.press("td a[href^='/dossiers/']").await;
    desk.look("dossier-sealed").await;
    desk.press("a[href^='/transfers/new']").await;
    desk.look("transfer-new").await;
    desk.tick("[name=channel][value=portal]").await;
    desk.press("form[action^='/transfers/new'] .buttons button").await;
    assert!(desk.path().await.starts_with("/transfers/0"), "{}", desk.text().await);
    desk.look("transfer-platform").await;
    desk.open("/transfers").await;
    desk.look("transfers-platform").await;
    desk.open(lead).await;
    desk.look("lead-sent").await;
    desk.open("/leads").await;
    desk.look("leads").await;
    desk.log_out().await;
}

/// On a phone the head is low; what it folds is opened by its button, with a script and without.
async fn phone_head(desk: &Desk<'_>) {
    let top = desk.js("return document.querySelector('main').getBoundingClientRect().top").await.as_f64();
    assert!(top.is_some_and(|top| top < 120.0), "{top:?}");
    for (fold, inside) in [
        ("details.menu", "nav.side a[href^='/transfers']"),
        ("details.menu", "form[action='/logout'] button"),
        ("details.top-fold", ".top-search input"),
    ] {
        assert!(!desk.find(inside).await.is_displayed().await.expect("known"), "{inside}");
        let button = format!("{fold} > summary");
        desk.click(&button).await;
        assert!(desk.find(inside).await.is_displayed().await.expect("known"), "{inside}");
        desk.click(&button).await;
    }
}

/// The liaison's part, on a phone. Gives the path of the case.
async fn take_over(desk: &mut Desk<'_>) -> String {
    desk.resize(360).await;
    desk.log_in("liaison").await;
    desk.look("home-liaison").await;
    phone_head(desk).await;
    desk.open("/transfers").await;
    desk.look("inbox").await;
    // Every state is in sight, the chosen one too: none is reached by scrolling sideways.
    let hidden = "const all = [...document.querySelectorAll('.states a')]; \
                  const ends = all.map((tab) => tab.getBoundingClientRect().right); \
                  return [all.length > 3, ends.filter((end) => end > innerWidth).length]";
    assert_eq!(desk.js(hidden).await, serde_json::json!([true, 0]));
    desk.press("ul.inbox a").await;
    desk.look("transfer-agency").await;
    desk.press("form[action*='/acknowledge?'] button").await;
    desk.press("a[href$='/accept']").await;
    desk.look("accept").await;
    desk.press("form[action*='/accept?'] .buttons button").await;
    let package = desk.attribute("a[href$='/package.zip']", "href").await;
    let (status, kind, start) = desk.fetch(&package).await;
    assert_eq!((status, kind.as_str(), start.as_str()), (200, "application/zip", "PK\u{3}\u{4}"));
    desk.press("a[href$='/file']").await;
    desk.look("file-case").await;
    desk.write("[name=number]", "穗公（经）立字〔2026〕1号").await;
    desk.press("form[action*='/file?'] .buttons button").await;
    desk.look("transfer-filed").await;
    desk.press("a[href^='/cases/']").await;
    desk.look("case").await;
    let case = desk.path().await;
    case.split('?').next().unwrap_or_default().to_owned()
}

/// The liaison proposes an arrest. Gives the path of the outcome.
async fn propose(desk: &mut Desk<'_>, case: &str) -> String {
    desk.press(&format!("a[href='{case}/outcomes/new']")).await;
    desk.look("outcome-kinds").await;
    desk.press("a[href$='kind=arrest']").await;
    desk.look("outcome-new").await;
    let zone = desk.app.services.settings.time_zone;
    let today = day_of(desk.app.now(), zone).to_string();
    desk.set("[name=happened_on]", &today).await;
    desk.write("[name=region]", "广东省广州市白云区").await;
    desk.tick("[name=subject]").await;
    desk.tick("[name=source_kind][value=paper]").await;
    desk.write("[name=source_title]", "拘留证 穗公（经）拘字〔2026〕1号").await;
    desk.press("form[data-guard] .buttons button").await;
    let outcome = desk.path().await;
    assert!(outcome.starts_with("/outcomes/0"), "{outcome}: {}", desk.text().await);
    desk.look("outcome-proposed").await;
    desk.log_out().await;
    desk.resize(1280).await;
    outcome.split('?').next().unwrap_or_default().to_owned()
}

async fn confirm(desk: &mut Desk<'_>, outcome: &str) {
    desk.log_in("manager").await;
    desk.look("home-manager").await;
    desk.open("/outcomes").await;
    desk.look("outcomes").await;
    desk.press(&format!("td a[href='{outcome}']")).await;
    desk.press(&format!("main a[href='{outcome}/confirm']")).await;
    desk.look("outcome-confirm").await;
    desk.press(&format!("form[action^='{outcome}/confirm'] .buttons button")).await;
    desk.look("outcome-confirmed").await;
    desk.app.settle().await;
    let zone = desk.app.services.settings.time_zone;
    let year = day_of(desk.app.now(), zone).format("%Y").to_string();
    desk.open("/reports").await;
    desk.look("reports").await;
    desk.open(&format!("/reports/{year}")).await;
    let labels = if desk.manner.lang == "en" {
        ["Leads sent", "Suspects arrested"]
    } else {
        ["移送线索", "抓获嫌疑人"]
    };
    for label in labels {
        assert_eq!(desk.figure(label).await, "1", "{label}: {}", desk.text().await);
    }
    desk.look("report").await;
    desk.log_out().await;
}

/// The auditor finds all of it in the log.
async fn look_back(desk: &mut Desk<'_>, lead: &str) {
    desk.log_in("auditor").await;
    desk.look("home-auditor").await;
    desk.open(lead).await;
    desk.look("lead-auditor").await;
    assert_eq!(desk.count("main form[method=post]").await, 0, "an auditor changes nothing");
    desk.open("/audit").await;
    assert!(desk.count("main ol.lines li").await > 10, "{}", desk.text().await);
    desk.look("audit").await;
    for (path, name) in [("/account", "account"), ("/agencies", "agencies"), ("/help", "help")] {
        desk.open(path).await;
        desk.look(name).await;
    }
    desk.log_out().await;
}
