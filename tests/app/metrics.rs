//! `/metrics`: counts, for this machine alone.

use crate::support::TestApp;

/// The value of a series.
fn value(text: &str, series: &str) -> Option<f64> {
    let line =
        text.lines().find(|line| line.strip_prefix(series).is_some_and(|rest| rest.starts_with(' ')))?;
    line.rsplit(' ').next()?.parse().ok()
}

#[tokio::test]
async fn the_numbers_follow_what_happens_and_name_nobody() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    compiler.get(&format!("/leads/{lead}")).await.expect(200);
    compiler.get(&format!("/leads/{lead}")).await.expect(200);
    compiler.get("/nowhere").await.expect(404);
    let scraper = app.stranger();
    let reply = scraper.get("/metrics").await.expect(200);
    assert_eq!(reply.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let text = reply.text();
    let pages = r#"lead_handoff_http_requests_total{method="GET",route="/leads/{id}",status="200"}"#;
    assert_eq!(value(&text, pages), Some(2.0), "{text}");
    let lost = r#"lead_handoff_http_requests_total{method="GET",route="none",status="404"}"#;
    assert_eq!(value(&text, lost), Some(1.0), "{text}");
    let timed = r#"lead_handoff_http_request_duration_seconds_count{method="GET",route="/leads/{id}"}"#;
    assert_eq!(value(&text, timed), Some(2.0), "{text}");
    assert!(value(&text, "lead_handoff_audit_unplaced").is_some_and(|n| n >= 2.0), "{text}");
    assert_eq!(value(&text, r#"lead_handoff_jobs{state="failed"}"#), Some(0.0));
    assert_eq!(value(&text, r#"lead_handoff_mails{state="failed"}"#), Some(0.0));
    assert!(!text.contains(&lead.to_string()) && !text.contains("compiler"), "{text}");

    app.settle().await;
    let text = scraper.get("/metrics").await.expect(200).text();
    assert_eq!(value(&text, "lead_handoff_audit_unplaced"), Some(0.0));
    assert!(value(&text, "lead_handoff_audit_log_size").is_some_and(|n| n >= 2.0), "{text}");

    let passed_on = scraper.client.get(scraper.url("/metrics")).header("X-Forwarded-For", "192.0.2.1");
    scraper.send(passed_on).await.expect(404);
}
