//! A long form of a transfer or case tells how far each of its parts is; a short one is left alone.

use super::{SCAN, Story, paper::received_on_paper, with_scan};
use crate::support::{TestApp, seed::HANGZHOU, today};

const PARTS: &str = "class=\"form-parts\"";

/// The state of a part in the list above the form: `lacks`, `complete`, `mend` or `open`.
fn state(page: &str, part: &str) -> String {
    let before = page.split(&format!("<a href=\"#{part}\">")).next().unwrap_or_default();
    let class = before.rsplit("class=\"part-").next().unwrap_or_default();
    assert!(page.contains(&format!("id=\"{part}\"")), "no {part} in {page}");
    class.split('"').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_liaison_who_forwards_reads_what_the_form_still_lacks() {
    let s = Story::received().await;
    s.liaison.get(&s.at("accept")).await.expect(200).has_not(PARTS).has_not("form-part");
    let page = s.liaison.get(&s.at("forward")).await.expect(200).has(PARTS).has("尚缺：").text();
    assert_eq!((state(&page, "part-target"), state(&page, "part-reason")), ("lacks".into(), "lacks".into()));
    assert!(!page.contains("part-paper"), "it records no paper: {page}");
    // What was chosen is told after a search and after a fault alike.
    let target = s.app.seed.agencies[HANGZHOU].to_string();
    let found = [("find", "yes"), ("q", "杭州"), ("target", target.as_str())];
    let page = s.act("forward", &found).await.expect(200).text();
    assert_eq!(
        (state(&page, "part-target"), state(&page, "part-reason")),
        ("complete".into(), "lacks".into())
    );
    let page = s.act("forward", &[("target", &target)]).await.expect(422).text();
    assert_eq!(
        (state(&page, "part-target"), state(&page, "part-reason")),
        ("complete".into(), "mend".into())
    );
    assert_eq!(page.matches("<section class=\"form-part\"").count(), 2);
    s.act("forward", &[("target", &target), ("code", "FW-AREA")]).await.expect(303);
}

#[tokio::test]
async fn who_records_a_filing_from_its_paper_has_a_part_for_the_paper() {
    let app = TestApp::new().await;
    let (at, _, manager) = received_on_paper(&app).await;
    let today = today();
    with_scan(&manager, &format!("{at}/accept"), &[("on_day", &today)], SCAN).await.expect(303);
    let form = format!("{at}/file");
    let page = manager.get(&form).await.expect(200).has(PARTS).text();
    assert_eq!(state(&page, "part-case"), "lacks");
    // A scan that is on file already may be chosen: nothing is needed there.
    assert_eq!(state(&page, "part-paper"), "open");
    let faulty = [("number", "穗公立字〔2026〕1号"), ("filed_on", "2999-01-01")];
    let page = with_scan(&manager, &form, &faulty, b"").await.expect(422).text();
    assert_eq!(state(&page, "part-case"), "mend");
    let whole = [("number", "穗公立字〔2026〕1号"), ("filed_on", today.as_str())];
    with_scan(&manager, &form, &whole, SCAN).await.expect(303);
}
