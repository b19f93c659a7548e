//! The ledger: proposed by one side, confirmed by the other, corrected by counter-entries only.

mod asking;
mod deciding;
mod entering;
pub mod listing;
mod on_the_lead;
mod resting;
mod states;
mod telling;

use lead_handoff::platform::db::Id;

use crate::support::{
    Browser, Reply, TestApp,
    ledger::{Made, Sent},
};

fn filed(app: &TestApp, agency: &'static str) -> Made {
    app.handed(&Sent::to(agency, "2016-05-04").filed("2016-06-01"), None)
}

/// The fields of an arrest in June 2016.
fn arrest(person: &str) -> Vec<(&'static str, String)> {
    vec![
        ("kind", "arrest".into()),
        ("happened_on", "2016-06-12".into()),
        ("region", "440111".into()),
        ("subject", person.into()),
        ("source_kind", "paper".into()),
        ("source_title", "拘留证 穗公（经）拘字〔2016〕1号".into()),
    ]
}

async fn post(browser: &Browser, path: &str, fields: &[(&'static str, String)]) -> Reply {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    browser.post(path, &fields).await
}

async fn proposed(browser: &Browser, made: Made) -> Id {
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    post(browser, &path, &arrest(&made.person.to_string())).await.expect(303).id()
}
