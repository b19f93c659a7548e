//! The way of a lead from its composition to an outcome that is confirmed, by everybody it passes through, each of whom signs in
//! and works by keys alone.

use serde_json::json;

use crate::{
    desk::Desk,
    support::{
        seed::{GUANGZHOU, PASSWORD},
        today,
    },
};

/// Tabs on until the focus is at such an element.
pub async fn tab_to(desk: &Desk<'_>, css: &str) {
    for _ in 0..80 {
        if is_at(desk, css).await {
            return;
        }
        desk.key("Tab").await;
    }
    panic!("no way by Tab to {css} on {}", desk.path().await);
}

/// Whether the focus is at such an element, and is to be seen there.
pub async fn is_at(desk: &Desk<'_>, css: &str) -> bool {
    desk.js(&format!("return document.activeElement.matches(`{css}`)")).await == json!(true)
}

/// Waits for the page of this path, without its query.
async fn come_to(desk: &Desk<'_>, path: &str) {
    desk.until(&format!("location.pathname === '{path}'")).await;
}

/// Waits until an act is done, which its page says.
async fn done(desk: &Desk<'_>, act: &str) {
    desk.until(&format!("location.search.startsWith('?ok={act}') && document.querySelector('.notice-ok')"))
        .await;
}

/// The path of the page.
async fn place(desk: &Desk<'_>) -> String {
    desk.path().await.split('?').next().unwrap_or_default().to_owned()
}

/// Tabs to a box or a choice and has it ticked.
async fn tick(desk: &Desk<'_>, css: &str) {
    tab_to(desk, css).await;
    if !is_at(desk, ":checked").await {
        desk.key(" ").await;
    }
    assert!(is_at(desk, ":checked").await, "{css} on {} is ticked", desk.path().await);
}

/// Looks a text up in a field and takes by the arrow what has `found` in it, or with an empty one the first that is suggested.
pub async fn choose(desk: &Desk<'_>, name: &str, text: &str, found: &str) {
    tab_to(desk, &format!("[name='{name}']")).await;
    desk.type_text(text).await;
    let shown = "[...document.querySelectorAll('.pick-list:not([hidden]) [role=option]')]";
    desk.until(&format!("{shown}.some((one) => one.textContent.includes('{found}'))")).await;
    let is_marked = format!(
        "const at = document.getElementById(document.activeElement.getAttribute('aria-activedescendant')); \
         return Boolean(at) && at.textContent.includes('{found}');"
    );
    for _ in 0..12 {
        desk.key("ArrowDown").await;
        if desk.js(&is_marked).await == json!(true) {
            break;
        }
    }
    desk.key("Enter").await;
}

/// Finds the region by the initials of its sounds.
pub async fn choose_guangzhou(desk: &Desk<'_>) {
    choose(desk, "region", "gz", "440100").await;
    assert_eq!(desk.value("[name=region]").await, "广东省广州市");
}

/// With both factors, on the page of signing in.
pub async fn sign_in(desk: &mut Desk<'_>, username: &str) {
    come_to(desk, "/login").await;
    tab_to(desk, "[name=username]").await;
    desk.type_text(username).await;
    desk.key("Tab").await;
    assert!(is_at(desk, "[name=password]").await);
    desk.type_text(PASSWORD).await;
    desk.key("Enter").await;
    come_to(desk, "/login/second-factor").await;
    tab_to(desk, "[name=code]").await;
    let code = desk.code(username).await;
    desk.type_text(&code).await;
    desk.key("Enter").await;
    come_to(desk, "/").await;
}

async fn sign_out(desk: &Desk<'_>) {
    desk.keys("gh").await;
    come_to(desk, "/").await;
    tab_to(desk, "form[action='/logout'] button").await;
    desk.key("Enter").await;
    come_to(desk, "/login").await;
}

/// From the evidence to the outcome.
pub async fn go_all_the_way(desk: &mut Desk<'_>, lead: &str) {
    compose(desk, lead).await;
    let review = submit(desk, lead).await;
    sign_out(desk).await;
    approve(desk, &review).await;
    sign_out(desk).await;
    let transfer = send(desk, lead).await;
    sign_out(desk).await;
    take_over(desk, &transfer).await;
    let outcome = propose(desk).await;
    sign_out(desk).await;
    confirm(desk, &outcome).await;
}

/// Finds the lead among all the others by its title.
async fn find(desk: &Desk<'_>, lead: &str) {
    desk.keys("gl").await;
    come_to(desk, "/leads").await;
    desk.key("f").await;
    tab_to(desk, ".filters [name=q]").await;
    desk.type_text("手表jn").await;
    desk.key("Enter").await;
    desk.until("new URL(location.href).searchParams.get('q') === '手表jn'").await;
    assert_eq!(desk.count("tbody tr").await, 1, "{}", desk.text().await);
    desk.key("j").await;
    assert!(is_at(desk, &format!("td a[href='{lead}']")).await, "{}", desk.text().await);
    desk.key("Enter").await;
    come_to(desk, lead).await;
}

async fn compose(desk: &Desk<'_>, lead: &str) {
    find(desk, lead).await;
    desk.key("d").await;
    come_to(desk, &format!("{lead}/dossiers/new")).await;
    let guangzhou = desk.app.seed.agencies[GUANGZHOU];
    tick(desk, &format!("[name=agencies][value='{guangzhou}']")).await;
    tick(desk, "tbody [name=evidence]").await;
    desk.key("Ctrl+Enter").await;
    come_to(desk, &format!("{lead}/dossiers")).await;
    done(desk, "dossier-composed").await;
    desk.app.settle().await;
}

/// Gives the path of the review.
async fn submit(desk: &Desk<'_>, lead: &str) -> String {
    desk.key("u").await;
    come_to(desk, lead).await;
    // What a button does is not done by its key: that leads to it.
    desk.key("s").await;
    assert!(is_at(desk, "form[action*='/submit?'] button").await, "{}", desk.text().await);
    assert_eq!(place(desk).await, lead);
    desk.key("Enter").await;
    desk.until("location.pathname.startsWith('/approvals/')").await;
    done(desk, "review-submitted").await;
    place(desk).await
}

async fn approve(desk: &mut Desk<'_>, review: &str) {
    sign_in(desk, "approver").await;
    desk.keys("gp").await;
    come_to(desk, "/approvals").await;
    desk.key("j").await;
    assert!(is_at(desk, &format!("td a[href='{review}']")).await, "{}", desk.text().await);
    desk.key("Enter").await;
    come_to(desk, review).await;
    desk.key("s").await;
    assert!(is_at(desk, "form[action*='/approve?'] [name=code]").await, "{}", desk.text().await);
    let code = desk.code("approver").await;
    desk.type_text(&code).await;
    desk.key("Enter").await;
    done(desk, "review-approved").await;
    desk.app.settle().await;
}

/// Gives the path of the transfer.
async fn send(desk: &mut Desk<'_>, lead: &str) -> String {
    sign_in(desk, "compiler").await;
    find(desk, lead).await;
    desk.key("s").await;
    come_to(desk, "/transfers/new").await;
    tick(desk, "[name=channel][value=portal]").await;
    desk.key("Ctrl+Enter").await;
    done(desk, "transfer-sent").await;
    place(desk).await
}

/// The agency receives it, accepts it and files a case, to whose page it comes.
async fn take_over(desk: &mut Desk<'_>, transfer: &str) {
    sign_in(desk, "liaison").await;
    desk.keys("gt").await;
    come_to(desk, "/transfers").await;
    desk.key("j").await;
    assert!(is_at(desk, &format!("ul.inbox a[href='{transfer}']")).await, "{}", desk.text().await);
    desk.key("Enter").await;
    come_to(desk, transfer).await;
    desk.key("s").await;
    assert!(is_at(desk, "form[action*='/acknowledge?'] button").await, "{}", desk.text().await);
    desk.key("Enter").await;
    done(desk, "transfer-acknowledge").await;
    for (step, number) in [("accept", "穗公（经）受字〔2026〕1号"), ("file", "穗公（经）立字〔2026〕1号")]
    {
        desk.key("s").await;
        come_to(desk, &format!("{transfer}/{step}")).await;
        tab_to(desk, "main [name=number]").await;
        desk.type_text(number).await;
        desk.key("Ctrl+Enter").await;
        done(desk, &format!("transfer-{step}")).await;
    }
    desk.key("s").await;
    desk.until("location.pathname.startsWith('/cases/')").await;
}

/// Proposes an arrest, from the page of the case. Gives the path of the outcome.
async fn propose(desk: &Desk<'_>) -> String {
    desk.key("n").await;
    desk.until("location.pathname.endsWith('/outcomes/new')").await;
    tab_to(desk, ".kinds a[href$='kind=arrest']").await;
    desk.key("Enter").await;
    desk.until("location.search === '?kind=arrest'").await;
    tab_to(desk, "[name=happened_on]").await;
    desk.type_text(&today()).await;
    choose_guangzhou(desk).await;
    tab_to(desk, "[name=new_person_0]").await;
    desk.type_text("主犯甲").await;
    tick(desk, "[name=source_kind][value=paper]").await;
    tab_to(desk, "[name=source_title]").await;
    desk.type_text("拘留证 穗公（经）拘字〔2026〕1号").await;
    desk.key("Ctrl+Enter").await;
    desk.until("location.pathname.startsWith('/outcomes/0')").await;
    done(desk, "outcome-proposed").await;
    place(desk).await
}

async fn confirm(desk: &mut Desk<'_>, outcome: &str) {
    sign_in(desk, "manager").await;
    desk.keys("go").await;
    come_to(desk, "/outcomes").await;
    desk.key("j").await;
    assert!(is_at(desk, &format!("td a[href='{outcome}']")).await, "{}", desk.text().await);
    desk.key("Enter").await;
    come_to(desk, outcome).await;
    desk.key("s").await;
    come_to(desk, &format!("{outcome}/confirm")).await;
    tab_to(desk, &format!("form[action^='{outcome}/confirm'] .buttons button")).await;
    desk.key("Enter").await;
    done(desk, "outcome-confirmed").await;
    assert_eq!(place(desk).await, outcome);
    desk.glance("keys-confirmed").await;
}
