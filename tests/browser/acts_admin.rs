//! What an administrator keeps in order beside the accounts: agencies one by one, by a file and with their keys, a colleague's roles
//! and second factor, an invitation, the guide of the first day with its test of the mail, and the working days of a year.

use lead_handoff::platform::db::Id;
use sha2::{Digest, Sha256};

use crate::{
    acts::{CHINESE, ENGLISH, PATIENCE, SEND, without_query},
    desk::{Desk, Manner},
    support::{TestApp, seed::GUANGZHOU},
};

/// Of the published examples of age, which nobody uses.
const KEY: &str = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";

const FILE: &str = "main form[enctype] .buttons button";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_keeps_agencies_in_order() {
    go(CHINESE, Part::Agencies).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_keeps_agencies_in_order_in_english_with_scripts() {
    go(ENGLISH, Part::Agencies).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_keeps_accounts_and_the_program_in_order() {
    go(CHINESE, Part::Rest).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_keeps_accounts_and_the_program_in_order_in_english_with_scripts() {
    go(ENGLISH, Part::Rest).await;
}

/// Which part of the day is told.
#[derive(Clone, Copy)]
enum Part {
    Agencies,
    Rest,
}

async fn go(manner: Manner, part: Part) {
    let app = TestApp::new().await;
    invite(&app).await;
    let mut desk = Desk::new(&app, manner).await;
    let done = tokio::time::timeout(PATIENCE, turn(&mut desk, part)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the story ends in time");
}

/// Somebody who has not come yet.
async fn invite(app: &TestApp) {
    let admin = app.sign_in("admin").await;
    let fields =
        [("name", "沈青"), ("email", "shen@example.com"), ("roles", "approver"), ("language", "zh-CN")];
    admin.post("/admin/people/invite", &fields).await.expect(303);
}

async fn turn(desk: &mut Desk<'_>, part: Part) {
    desk.scripts(desk.manner.scripts).await;
    match part {
        Part::Agencies => {
            let agency = add(desk).await;
            change(desk, &agency).await;
            close(desk, &agency).await;
            import(desk).await;
            bring_a_key(desk).await;
        }
        Part::Rest => {
            give_roles(desk).await;
            take_the_factor(desk).await;
            send_again(desk).await;
            follow_the_guide(desk).await;
            bring_working_days(desk).await;
        }
    }
}

/// An agency, once it has a name. Gives its path.
async fn add(desk: &mut Desk<'_>) -> String {
    desk.seat("admin", "/agencies").await;
    desk.press("main a[href='/agencies/new']").await;
    desk.write("[name=region]", "广东省").await;
    desk.write("[name=code]", "GD-ECD").await;
    desk.set("[name=type]", "PS-ECD").await;
    desk.set("[name=level]", "province").await;
    desk.refused(SEND, "name-zh").await;
    desk.keeps("[name=code]", "GD-ECD").await;
    desk.keeps("[name=level]", "province").await;
    desk.glance("agency-refused").await;
    desk.write("[name=name_zh]", "广东省公安厅经济犯罪侦查局").await;
    desk.tick("[name=takes][value=trademark]").await;
    desk.write("[name='contacts[0].name']", "张某").await;
    desk.act(SEND, "agency.create").await;
    let path = desk.path().await;
    assert!(path.ends_with("?ok=agency-created"), "{path}: {}", desk.text().await);
    for text in ["广东省公安厅经济犯罪侦查局", "张某"] {
        desk.has(text).await;
    }
    without_query(&path)
}

async fn change(desk: &mut Desk<'_>, agency: &str) {
    desk.press(&format!("main a[href='{agency}/edit']")).await;
    desk.write("[name=phone]", "020-12345678").await;
    desk.find("[name=name_zh]").await.clear().await.expect("cleared");
    desk.refused(SEND, "name-zh").await;
    desk.keeps("[name=phone]", "020-12345678").await;
    desk.write("[name=name_zh]", "广东省公安厅经侦局").await;
    desk.act(SEND, "agency.change").await;
    desk.arrived(agency, "agency-changed").await;
    for text in ["广东省公安厅经侦局", "020-12345678"] {
        desk.has(text).await;
    }
}

/// It ends on a day, and another takes its place.
async fn close(desk: &mut Desk<'_>, agency: &str) {
    desk.press(&format!("main a[href='{agency}/close']")).await;
    desk.write("[name=successor]", "HZ-SAMR").await;
    desk.write("[name=valid_to]", "2018-13-45").await;
    desk.refused(SEND, "valid-to").await;
    desk.keeps("[name=successor]", "HZ-SAMR").await;
    desk.glance("agency-close-refused").await;
    desk.write("[name=valid_to]", "2018-12-31").await;
    desk.act(SEND, "agency.close").await;
    desk.arrived(agency, "agency-closed").await;
    desk.open("/agencies").await;
    assert!(!desk.says("GD-ECD").await, "{}", desk.text().await);
    desk.open("/agencies?state=ended").await;
    desk.has("GD-ECD").await;
}

/// Chooses a file of these lines, and presses the button for a preview.
async fn preview(desk: &Desk<'_>, csv: &str) {
    let file = desk.app.data.path().join("table.csv");
    std::fs::write(&file, csv).expect("written");
    desk.write("main input[name=csv]", &file.display().to_string()).await;
    desk.press(FILE).await;
}

/// A file of agencies: its fault first, then what it would change, then that it did.
async fn import(desk: &mut Desk<'_>) {
    desk.open("/agencies/import").await;
    preview(desk, "code,name_zh,type,level,region\n,佛山甲局,SAMR,prefecture,440600\n").await;
    desk.expect_refusal().await;
    assert_eq!(desk.count("#errors").await, 1, "{}", desk.text().await);
    desk.glance("agencies-faulty").await;
    let row = "FS-1,佛山甲局,SAMR,prefecture,440600,trademark,paper";
    preview(desk, &format!("code,name_zh,type,level,region,takes,channel\n{row}\n")).await;
    desk.has("佛山甲局").await;
    desk.glance("agencies-preview").await;
    desk.act("form[action*='/import/confirm?'] .buttons button", "agency.import").await;
    assert!(desk.path().await.contains("ok=agencies-imported"), "{}", desk.text().await);
    desk.has("佛山甲局").await;
}

/// A key is registered by one and confirmed by another, who types the last digits that they were told.
async fn bring_a_key(desk: &mut Desk<'_>) {
    let agency = format!("/agencies/{}", desk.app.seed.agencies[GUANGZHOU]);
    desk.open(&agency).await;
    desk.press("main a[href$='/public-keys/new']").await;
    desk.write("[name=recipient]", "age1nokey").await;
    desk.write("[name=note]", "张某当面交来，存储卡一张").await;
    desk.refused(SEND, "recipient").await;
    desk.keeps("[name=note]", "张某当面交来，存储卡一张").await;
    desk.write("[name=recipient]", KEY).await;
    desk.act(SEND, "agency.key.add").await;
    desk.arrived(&agency, "agency-key-added").await;
    assert_eq!(desk.count("#keys .deliveries li").await, 1, "{}", desk.text().await);

    desk.seat("manager", &agency).await;
    desk.press("#keys a[href$='/confirm']").await;
    desk.write("[name=digits]", "0000 0000 0000 0000").await;
    desk.refused(SEND, "digits").await;
    desk.glance("key-refused").await;
    let whole = data_encoding::HEXLOWER.encode(&Sha256::digest(KEY.as_bytes()));
    desk.write("[name=digits]", &whole[48..]).await;
    desk.act(SEND, "agency.key.confirm").await;
    desk.arrived(&agency, "agency-key-confirmed").await;
    assert_eq!(desk.count("#keys a[href$='/confirm']").await, 0, "{}", desk.text().await);
}

fn page_of(person: Id) -> String {
    format!("/admin/people/{person}")
}

/// A compiler becomes a manager as well; without any role there is nobody.
async fn give_roles(desk: &mut Desk<'_>) {
    let press = "form[action*='/roles?'] .buttons button";
    let person = page_of(desk.app.seed.people["compiler2"]);
    desk.seat("admin", &person).await;
    desk.click("[name=roles][value=compiler]").await;
    desk.refused(press, "roles").await;
    desk.glance("roles-refused").await;
    assert_eq!(desk.count("[name=roles][value=compiler]:checked").await, 1, "as it was");
    desk.tick("[name=roles][value=manager]").await;
    desk.act(press, "person.set-roles").await;
    desk.arrived(&person, "person-roles-set").await;
    assert_eq!(desk.count("[name=roles]:checked").await, 2, "{}", desk.text().await);
}

/// Whose phone is lost sets up a second factor anew.
async fn take_the_factor(desk: &Desk<'_>) {
    let person = page_of(desk.app.seed.people["approver"]);
    desk.open(&person).await;
    desk.press("main a[href$='/reset-second-factor']").await;
    desk.act(SEND, "second-factor.remove").await;
    desk.arrived(&person, "person-factor-reset").await;
    assert_eq!(desk.count("main a[href$='/reset-second-factor']").await, 0, "{}", desk.text().await);
}

async fn send_again(desk: &Desk<'_>) {
    desk.open("/admin/people/invitations").await;
    desk.has("沈青").await;
    desk.act("form[action*='/resend?'] button", "invitation.resend").await;
    assert!(desk.path().await.starts_with("/admin/people/invitations?ok="), "{}", desk.text().await);
}

/// The mail is tried, the key said to be kept elsewhere, and the guide put away.
async fn follow_the_guide(desk: &mut Desk<'_>) {
    desk.open("/").await;
    assert_eq!(desk.count("#guide").await, 1, "{}", desk.text().await);
    desk.open("/admin/setup").await;
    desk.act("#mail form button", "mail.test").await;
    desk.arrived("/admin/setup", "setup-mail-queued").await;
    desk.app.settle().await;
    desk.open("/admin/setup").await;
    desk.has(".eml").await;
    desk.act("#key form button", "setup.mark").await;
    desk.arrived("/admin/setup", "setup-key-said").await;
    assert_eq!(desk.count("#key .chip-good").await, 1, "{}", desk.text().await);
    desk.glance("setup-key-said").await;
    desk.act(".page-head form[action*='/put-away?'] button", "setup.mark").await;
    desk.arrived("/", "setup-away").await;
    assert_eq!(desk.count("#guide").await, 0, "{}", desk.text().await);
}

/// The working days of a year; so few holidays that nobody believes it take a mark of their own.
async fn bring_working_days(desk: &mut Desk<'_>) {
    let press = "form[action*='/import/confirm?'] .buttons button";
    desk.open("/reference/calendar/import").await;
    preview(desk, "date,kind,name\n2027-01-01,holiday,元旦\n").await;
    desk.refused(press, "force").await;
    desk.glance("calendar-implausible").await;
    let mut year = String::from("date,kind,name\n2026-12-31,holiday,元旦\n2027-01-01,holiday,元旦\n");
    for day in ["2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10", "2027-02-11", "2027-04-05"] {
        year.push_str(&format!("{day},holiday,春节\n"));
    }
    preview(desk, &year).await;
    desk.has("2027-02-05").await;
    assert_eq!(desk.count("[name=force]").await, 0, "{}", desk.text().await);
    desk.act(press, "calendar.import").await;
    desk.arrived("/reference/calendar", "reference-imported").await;
}
