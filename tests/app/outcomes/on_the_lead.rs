//! What the page of a lead tells of the results that it led to.

use super::{filed, proposed};
use crate::support::{TestApp, seed::GUANGZHOU, story};

/// The timeline's panel.
fn timeline(page: &str) -> String {
    page.split("id=\"timeline\"").nth(1).expect("a timeline").to_owned()
}

/// An arrest that was recorded and confirmed is part of the lead's story, under a kind of its own, once.
#[tokio::test]
async fn results_stand_in_the_timeline_of_the_lead_that_led_to_them() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let id = proposed(&liaison, made).await;
    manager.post(&format!("/outcomes/{id}/confirm"), &[]).await.expect(303);
    let link = format!("href=\"/outcomes/{id}\">抓获犯罪嫌疑人</a>");
    for kind in ["?kind=result", ""] {
        let page = manager.get(&format!("/leads/{}{kind}", made.lead)).await.expect(200).text();
        let told = timeline(&page);
        assert_eq!(told.matches(&link).count(), 2, "recorded and confirmed: {told}");
    }
    // Looks at a result are none of the lead's story, and an act of another kind hides it.
    for kind in ["?kind=read", "?kind=evidence"] {
        let page = manager.get(&format!("/leads/{}{kind}", made.lead)).await.expect(200).text();
        assert!(!timeline(&page).contains(&link), "{kind}");
    }
}

/// Several items that were registered one after the other are told apart.
#[tokio::test]
async fn evidence_is_called_by_number_and_name_in_the_timeline() {
    let app = TestApp::new().await;
    let lead = app.seed.lead(&app.services, "compiler");
    let compiler = app.sign_in("compiler").await;
    for name in ["页面", "价格"] {
        story::note(&compiler, lead, name, "标价 199 元。").await;
    }
    let page = compiler.get(&format!("/leads/{lead}")).await.expect(200).text();
    let told = timeline(&page);
    for name in ["证据 1 · 页面.txt</a>", "证据 2 · 价格.txt</a>"] {
        assert_eq!(told.matches(name).count(), 1, "{told}");
    }
}

/// A case's number is its agency's own, so the page of a lead says whose it is; so do the lists without that column.
#[tokio::test]
async fn a_case_stands_with_its_agency_where_several_may_be() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    proposed(&liaison, made).await;
    let case = made.case.expect("a case").to_string();
    let number = format!("A{}", &case[24..]);
    let page = manager.get(&format!("/leads/{}", made.lead)).await.expect(200);
    page.has(&format!("{number} · 广州市公安局经侦支队"));
    for list in ["/cases?col=filed", "/outcomes?col=case"] {
        let beside = "<span class=\"muted small\">广州市公安局经侦支队</span>";
        manager.get(list).await.expect(200).has(&number).has(beside);
        liaison.get(list).await.expect(200).has(&number).has_not(beside);
    }
}
