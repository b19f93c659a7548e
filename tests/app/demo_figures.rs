//! The figures of the loaded demo: those that were published, in every format, each leading to what it counts, and changed by
//! a counter entry. `demo` loads the sample, and has this asked of it.

use serde_json::Value;

use super::demo::Demo;
use crate::{
    report::follow_every_link,
    support::{Browser, process::run},
};

fn figure(report: &Value, name: &str) -> i64 {
    report["figures"][name]["value"].as_i64().unwrap_or_else(|| panic!("no {name}"))
}

/// What the papers say of 2016, and of the year before.
pub(super) fn counts_what_was_published(report: &Value) {
    assert_eq!(figure(report, "leads_sent"), 1_184);
    assert_eq!(figure(report, "suspects_arrested"), 880);
    assert_eq!(figure(report, "sites_raided"), 1_419);
    let value = &report["figures"]["case_value"];
    assert!(value["fen"].as_i64().is_some_and(|fen| fen > 3_000_000_000 * 100), "{value}");
    assert_eq!(value["qualifier"], "over");
    // Nobody in the sample is named by two entries, so the parts of each breakdown add up to the whole.
    for by in ["by_month", "by_region", "by_agency_type"] {
        let sum = |name: &str| -> i64 {
            let parts = report[by].as_array().expect("parts").iter();
            parts.map(|part| part[name].as_i64().or(part[name]["fen"].as_i64()).expect("a number")).sum()
        };
        for name in
            ["leads_sent", "leads_accepted", "suspects_arrested", "sites_raided", "persons_prosecuted"]
        {
            assert_eq!(sum(name), figure(report, name), "{by} {name}");
        }
        assert_eq!(Some(sum("case_value")), value["fen"].as_i64(), "{by}");
    }
    let prior = |name: &str| report["prior_year"][name]["value"].as_i64();
    assert_eq!((prior("leads_sent"), prior("suspects_arrested")), (Some(717), Some(715)));
    // Over 600 sites, about 1.5 billion yuan.
    assert_eq!(prior("sites_raided"), Some(600));
    assert_eq!(report["prior_year"]["case_value"]["fen"], 1_500_000_000i64 * 100);
    assert_eq!(report["prior_year"]["case_value"]["qualifier"], "about");
}

/// Every format by command, on the standard output and into a file.
pub(super) fn gives_the_report_as_files(demo: &Demo) {
    let out = tempfile::tempdir().expect("folder");
    for (format, begin) in [("csv", "\u{feff}".as_bytes()), ("xlsx", b"PK"), ("pdf", b"%PDF"), ("json", b"{")]
    {
        let path = out.path().join(format!("report.{format}"));
        let shown = path.display().to_string();
        assert!(demo.says(&["report", "2016", "--format", format, "-o", &shown]).is_empty());
        let written = std::fs::read(&path).expect("a file");
        assert!(written.starts_with(begin), "{format}: {:?}", &written[..written.len().min(8)]);
        assert!(demo.says(&["report", "2016", "--format", format]).starts_with(begin), "{format}");
    }
    let csv = std::fs::read_to_string(out.path().join("report.csv")).expect("text");
    for figure in ["1184", "880", "1419", "717"] {
        assert!(csv.contains(figure), "{figure} is not in {csv}");
    }
    let nowhere = out.path().join("no/such/folder.pdf").display().to_string();
    let args = ["report", "2016", "--format", "pdf", "-o", &nowhere];
    let done = run(demo.data.path(), demo.database.url.as_deref(), &args);
    assert_ne!(done.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&done.stderr).contains("folder.pdf"));
}

/// Every number of the page, and the way from sent to prosecuted.
pub(super) async fn leads_to_what_it_counts(demo: &Demo, manager: &Browser) {
    let followed = follow_every_link(manager, 2016).await;
    assert!(followed.len() > 150, "{}", followed.len());
    let cohort = &demo.report()["cohort"];
    let steps = ["sent", "received", "accepted", "filed", "arrested", "prosecuted"];
    let counts: Vec<i64> = steps.iter().map(|step| cohort[step].as_i64().expect("a number")).collect();
    assert_eq!(counts[0], 1_184);
    assert!(counts.is_sorted_by(|a, b| a >= b) && counts[5] > 0, "{counts:?}");
    let years = manager.get("/reports").await.expect(200).text();
    let said = |year: i32| {
        let line = years.split(&format!("href=\"/reports/{year}\"")).nth(1);
        line.and_then(|rest| rest.split("</li>").next()).unwrap_or_default().to_owned()
    };
    assert!(said(2016).contains("有数据") && said(2016).contains("report.pdf"), "{years}");
    // Between what courts decided in the years after and what is dated today there is nothing.
    assert!(said(2022).contains("无数据") && !said(2022).contains("report.pdf"), "{years}");
    manager.get("/reports/2030").await.expect(200).has("这一年没有数据").has_not("含合成数据");
}

/// The liaison finds an entry that is wrong and proposes to take it back; until the platform confirms, nothing changes.
pub(super) async fn changes_by_a_counter_entry(demo: &Demo, liaison: &Browser, manager: &Browser) {
    let list = liaison.get("/outcomes?year=2016&kind=arrest").await.expect(200).text();
    let row = list.split("<tbody>").nth(1).expect("entries");
    let id =
        row.split("href=\"/outcomes/").nth(1).and_then(|rest| rest.get(..36)).expect("an entry").to_owned();
    let named = row.split(" 人").next().and_then(|words| words.rsplit(['>', ' ']).next()).expect("persons");
    let named: i64 = named.trim().parse().expect("a number");
    assert!(named > 0);

    let path = format!("/outcomes/{id}/correct");
    liaison.post(&path, &[("reason", "")]).await.expect(422);
    let counter = liaison.post(&path, &[("reason", "同一批人员重复填报")]).await.expect(303).id();
    liaison.post(&format!("/outcomes/{counter}/confirm"), &[]).await.expect(409);
    assert_eq!(figure(&demo.report(), "suspects_arrested"), 880);
    manager.post(&format!("/outcomes/{counter}/confirm"), &[]).await.expect(303);
    let after = demo.report();
    assert_eq!(figure(&after, "suspects_arrested"), 880 - named);
    assert_eq!(figure(&after, "leads_sent"), 1_184);
    manager.get("/reports/2016").await.expect(200).has(&(880 - named).to_string());
}
