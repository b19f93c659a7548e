//! However much was written, a page of a transfer shows the newest of it, and the way to what is older.

use lead_handoff::{
    handover::message::store::PAGE,
    platform::db::{Id, Instant, Rows},
};

use super::Story;

/// Where a link of this text leads; `None`: there is none.
fn link(page: &str, text: &str) -> Option<String> {
    let (before, _) = page.split_once(&format!("\">{text}</a>"))?;
    before.rsplit("href=\"").next().map(str::to_owned)
}

/// The numbers of the messages on a page, in their order.
fn shown(page: &str) -> Vec<i64> {
    page.split("第 ").skip(1).filter_map(|rest| rest.split(" 件事<").next()?.parse().ok()).collect()
}

#[tokio::test]
async fn the_newest_messages_are_shown_and_the_others_lie_a_page_each_behind_them() {
    let s = Story::received().await;
    let page = format!("/transfers/{}", s.transfer);
    let all = 2 * PAGE + 20;
    let (transfer, author) = (s.transfer, s.app.seed.people["liaison"]);
    let written = s.app.services.db.write_quiet(move |tx| {
        let now = tx.now().micros();
        let mut rows = Rows::new("message", &["id", "transfer_id", "author_id", "side", "at", "body"]);
        for n in 1..=all {
            // Several at the same moment.
            let at = Instant::from_micros(now + n / 3);
            let body = format!("第 {n} 件事");
            rows.push([
                Id::new().into(),
                transfer.into(),
                author.into(),
                "agency".into(),
                at.into(),
                body.into(),
            ]);
        }
        rows.insert(tx.conn())
    });
    written.await.expect("messages");

    for reader in [&s.compiler, &s.liaison] {
        let newest = reader.get(&page).await.expect(200).text();
        assert_eq!(shown(&newest), (all - PAGE + 1..=all).collect::<Vec<_>>());
        assert!(link(&newest, "更晚的消息").is_none(), "nothing is newer");
        let href = link(&newest, "更早的消息").expect("a way to older ones");
        assert!(href.ends_with("#messages"), "{href}");
        let middle = reader.get(href.trim_end_matches("#messages")).await.expect(200).text();
        assert_eq!(shown(&middle), (all - 2 * PAGE + 1..=all - PAGE).collect::<Vec<_>>());
        let href = link(&middle, "更早的消息").expect("a way to older ones");
        let oldest = reader.get(href.trim_end_matches("#messages")).await.expect(200).text();
        assert_eq!(shown(&oldest), (1..=all - 2 * PAGE).collect::<Vec<_>>());
        assert!(link(&oldest, "更早的消息").is_none(), "nothing is older");
        let href = link(&oldest, "更晚的消息").expect("the way back");
        let back = reader.get(href.trim_end_matches("#messages")).await.expect(200).text();
        assert_eq!(shown(&back), shown(&middle));
    }
    // What waits is the newest message, on whichever page somebody looks.
    let button = format!("action=\"{}?once=", s.at("message/noted"));
    let newest = s.compiler.get(&page).await.expect(200).has(&button).text();
    let href = link(&newest, "更早的消息").expect("a way to older ones");
    s.compiler.get(href.trim_end_matches("#messages")).await.expect(200).has(&button);
    s.compiler.post(&s.at("message/noted"), &[]).await.expect(303);
    s.compiler.get(href.trim_end_matches("#messages")).await.expect(200).has_not(&button);

    // Beside what is no message of this transfer begins no page, and no look is on record.
    let before = s.app.audit_count().await;
    for edge in [Id::new().to_string(), "x".to_owned()] {
        s.compiler.get(&format!("{page}?after={edge}")).await.expect(422);
    }
    assert_eq!(s.app.audit_count().await, before);
    s.check().await;
}
