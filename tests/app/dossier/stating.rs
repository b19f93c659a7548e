//! What the papers of a dossier state, and what they keep to themselves.

use lead_handoff::{
    casework::dossier::{self, verify},
    platform::db::Id,
};

use super::check;
use crate::{
    gallery::png,
    redaction::upload,
    support::{
        TestApp,
        seed::{GUANGZHOU, HANGZHOU},
        story::{self, compose, dossiers, note},
    },
};

#[tokio::test]
async fn the_salt_of_what_was_kept_back_goes_with_the_item_once_it_is_disclosed() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let first = note(&compiler, lead, "一.txt", "第一份").await;
    let second = note(&compiler, lead, "二.txt", "第二份").await;
    let hold = format!("withhold-{}", app.seed.agencies[GUANGZHOU]);
    let both = [GUANGZHOU, HANGZHOU];
    let made = story::seal_version(&app, lead, 1, &both, &[first, second], &[(&hold, "2")]).await;
    let (guangzhou, hangzhou) = (made[0], made[1]);
    let read = app.services.db.read(move |conn| dossier::store::withheld(conn, guangzhou));
    let kept = read.await.expect("withheld").remove(0);
    let package = async |id: Id| {
        let got = compiler.get(&format!("/dossiers/{id}/package.zip")).await.expect(200);
        let text = got.text();
        assert_eq!(check(&app, got.bytes).verdict, verify::Verdict::Authentic);
        text
    };
    assert!(!package(hangzhou).await.contains("earlier_commitments"));
    let send = async |dossier: Id| {
        let dossier = dossier.to_string();
        let fields = [("dossier", dossier.as_str()), ("channel", "portal")];
        compiler.post("/transfers/new", &fields).await.expect(303);
    };
    send(guangzhou).await;
    send(hangzhou).await;

    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    let made = story::seal_version(&app, lead, 2, &both, &[first, second], &[(&hold, "")]).await;
    let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
    let said = format!(
        "\"earlier_commitments\":[{{\"commitment\":\"{}\",\"salt\":\"{}\",\"version\":1}}]",
        hex(&kept.commitment),
        hex(&kept.salt)
    );
    let text = package(made[0]).await;
    assert_eq!(text.matches(&said).count(), 1);
    assert!(text.contains(&format!("第1版 {}（盐值 {}）", hex(&kept.commitment), hex(&kept.salt))));
    assert!(!package(made[1]).await.contains("earlier_commitments"), "nothing was kept from it");
}

/// What an addressee never got is none of its business: neither that there was such a version, nor what it kept back.
#[tokio::test]
async fn a_version_tells_of_earlier_ones_that_were_delivered_and_of_no_others() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let first = note(&compiler, lead, "一.txt", "第一份").await;
    let second = note(&compiler, lead, "二.txt", "第二份").await;
    let hold = format!("withhold-{}", app.seed.agencies[GUANGZHOU]);
    let seal = async |n: i32, held: &str| {
        if n > 1 {
            compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
        }
        story::seal_version(&app, lead, n, &[GUANGZHOU], &[first, second], &[(&hold, held)]).await[0]
    };
    let manifest = async |id: Id| {
        let made = dossiers(&app, lead).await;
        made.iter().find(|one| one.id == id).expect("it").manifest_sha256.clone().expect("frozen")
    };
    let package =
        async |id: Id| compiler.get(&format!("/dossiers/{id}/package.zip")).await.expect(200).text();
    // Sealed, and never sent.
    let one = seal(1, "2").await;
    let unsent = manifest(one).await;
    let two = seal(2, "").await;
    let text = package(two).await;
    assert!(!text.contains(&unsent) && !text.contains("earlier_commitments") && !text.contains("第1版"));
    // The second one is delivered; the third tells of it, and still not of the first.
    let id = two.to_string();
    let fields = [("dossier", id.as_str()), ("channel", "portal")];
    compiler.post("/transfers/new", &fields).await.expect(303);
    let sent = manifest(two).await;
    let text = package(seal(3, "").await).await;
    assert!(text.contains(&sent) && !text.contains(&unsent) && !text.contains("earlier_commitments"));
}

/// Two leads name the same telephone: what one of them notes about it is not in the other's papers.
#[tokio::test]
async fn a_note_on_a_subject_stays_with_the_lead_that_made_it() {
    let app = TestApp::new().await;
    let (one, other) = (app.sign_in("compiler").await, app.sign_in("compiler2").await);
    let (first, second) =
        (app.seed.lead(&app.services, "compiler"), app.seed.lead(&app.services, "compiler2"));
    let phone = |note, region| {
        [
            ("kind", "phone"),
            ("name", "仓库电话"),
            ("identifier", "020-00000000"),
            ("note", note),
            ("region", region),
        ]
    };
    let known = phone("线人甲提供，勿外传", "440111");
    other.post(&format!("/leads/{second}/subjects"), &known).await.expect(303);
    one.post(&format!("/leads/{first}/subjects"), &phone("", "")).await.expect(303);
    let page = one.get(&format!("/leads/{first}/subjects")).await.expect(200);
    page.has("仓库电话").has_not("线人甲");
    let item = note(&one, first, "a.txt", "标价 199 元").await;
    let made = story::seal_version(&app, first, 1, &[GUANGZHOU], &[item], &[]).await;
    let package = one.get(&format!("/dossiers/{}/package.zip", made[0])).await.expect(200);
    package.has("020-00000000").has_not("线人甲").has_not("440111");

    // A note of its own changes nothing of the other's.
    one.post(&format!("/leads/{first}/reopen"), &[]).await.expect(303);
    let subject = one.get(&format!("/leads/{first}/subjects")).await.expect(200).text();
    let subject: Id =
        subject.split("/subjects/").find_map(|rest| rest.get(..36)?.parse().ok()).expect("a subject");
    let edit = format!("/leads/{first}/subjects/{subject}");
    one.post(&edit, &phone("页面所留电话", "440106")).await.expect(303);
    let page = other.get(&format!("/leads/{second}/subjects")).await.expect(200);
    page.has("线人甲提供，勿外传").has_not("页面所留电话");
    let page = app.sign_in("manager").await.get(&format!("/subjects/{subject}")).await.expect(200);
    page.has("线人甲提供，勿外传").has("页面所留电话");
}

/// Whoever accuses is the rights holder, by name; a brand is nobody.
#[tokio::test]
async fn a_joint_accusation_names_the_rights_holder() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let edit = format!("/leads/{lead}/edit");
    let fields = [
        ("revision", "0"),
        ("title", "疑似销售假冒注册商标的手表"),
        ("summary", "店铺以明显低于市场的价格销售标有知名商标的手表。"),
        ("region", "440100"),
        ("source.kind", "brand_notice"),
        ("sender_role", "accuser_joint"),
    ];
    compiler.post(&edit, &fields).await.expect(303);
    let item = note(&compiler, lead, "a.txt", "标价 199 元").await;
    let gz = app.seed.agencies[GUANGZHOU];
    compose(&compiler, lead, 1, &[gz], &[item], &[]).await.expect(303);
    app.settle().await;
    let refused = compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(422);
    refused.has("权利人").has("须写明权利人");

    let brands = format!("/leads/{lead}/brands");
    // The lead's page leads to where it is filled in.
    let linked = format!("<a href=\"{brands}\"");
    compiler.get(&format!("/leads/{lead}")).await.expect(200).has("补全线索的").has(&linked);
    let page = compiler.get(&brands).await.expect(200);
    page.has("示例品牌").has("name=\"rights_holder\"");
    let holder = "示例钟表（中国）有限公司";
    compiler.post(&brands, &[("brand", "示例品牌"), ("rights_holder", holder)]).await.expect(303);
    compiler.get(&brands).await.expect(200).has(&format!("权利人：{holder}"));
    compiler.get(&format!("/leads/{lead}")).await.expect(200).has(holder);
    let made = story::seal_version(&app, lead, 2, &[GUANGZHOU], &[item], &[]).await;
    let package = compiler.get(&format!("/dossiers/{}/package.zip", made[0])).await.expect(200);
    package.has(&format!("\"accusers\":[\"{holder}\"]"));
    // Another lead with the brand says nothing of it.
    let other = app.seed.lead(&app.services, "compiler2");
    app.sign_in("manager").await.get(&format!("/leads/{other}")).await.expect(200).has_not(holder);
}

#[tokio::test]
async fn a_sealed_medium_is_stated_with_its_photographs_and_the_package_is_authentic() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = note(&compiler, lead, "聊天记录", "买家：真的吗").await;
    let photo = upload(&compiler, lead, "封存照片.png", &png(8, 8)).await;
    let sealed = [
        ("medium", "手机一部"),
        ("how", "装入封存袋，封口处贴封条"),
        ("sealed_by", "编制人甲"),
        ("sealed_at", "2016-05-04 10:30"),
        ("place", "示例市示例仓库"),
        ("photos", "2"),
    ];
    compiler.post(&format!("/evidence/{item}/sealing"), &sealed).await.expect(303);
    let made = story::seal_version(&app, lead, 1, &[GUANGZHOU], &[item, photo], &[]).await;
    let got = compiler.get(&format!("/dossiers/{}/package.zip", made[0])).await.expect(200);
    let text = got.text();
    assert_eq!(check(&app, got.bytes).verdict, verify::Verdict::Authentic);
    assert!(text.contains("\"medium\":\"手机一部\"") && text.contains("\"photographs\":[2]"));
    let list = compiler.get(&format!("/dossiers/{}/evidence-list.csv", made[0])).await.expect(200);
    list.has("封存：手机一部；封存方法：").has("照片见序号：2");
}
