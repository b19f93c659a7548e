//! The duties of those who keep the house: administrators, who see no case, and auditors.

use super::{
    counts,
    duties::{At, named},
    pages::{Duty, Item},
    read,
};
use crate::{
    audit,
    platform::{
        db::Connection,
        error::Result,
        http::{
            list_head::COUNTED,
            view::{Chip, Tone},
        },
        paths,
    },
    reporting::audit_log::{self, EntryView},
};

/// 管理员: no case material.
pub fn admin(conn: &mut Connection, at: &At<'_>) -> Result<Vec<Duty>> {
    Ok(vec![
        at.whole("begin", beginnings(conn, at)?),
        at.duty("jobs", counts::failed_jobs(conn)?, "/admin/jobs?state=failed", Vec::new()),
        at.duty("mail", counts::failed_mail(conn)?, "/admin/mail?state=failed", Vec::new()),
        at.duty(
            "invitations",
            counts::open_invitations(conn, at.now)?,
            "/admin/people/invitations",
            Vec::new(),
        ),
    ])
}

/// What an installation still lacks before the first lead can go its way: where it goes to, who writes it, and somebody
/// else who approves it. What is there already is not listed.
fn beginnings(conn: &mut Connection, at: &At<'_>) -> Result<Vec<Item>> {
    let there = counts::set_up(conn, at.now)?;
    let steps = [
        ("agencies", there.agencies, "/agencies/new"),
        ("import", there.agencies, "/agencies/import"),
        ("compiler", there.compilers, "/admin/people/invite"),
        ("approver", there.approvers, "/admin/people/invite"),
    ];
    let step = |key: &str, href: &str| Item {
        label: at.c.t(format!("home-begin-{key}")),
        href: href.to_owned(),
        note: at.c.t(format!("home-begin-{key}-text")),
        ..Item::default()
    };
    Ok(steps.iter().filter(|(_, is_there, _)| !is_there).map(|(key, _, href)| step(key, href)).collect())
}

/// What was refused, of what; and when, to whom and why.
fn refusal(at: &At<'_>, row: &audit::Row, said: &EntryView) -> Item {
    let object = said.objects.first().map(|object| format!("{} {}", object.name, object.told()));
    let reason = at.c.t("audit-fact-reason");
    let reason = said.facts.iter().find(|fact| fact.name == reason && fact.in_words);
    Item {
        label: named(&[&said.title, object.unwrap_or_default().trim_end()]),
        href: said.href.clone(),
        note: named(&[&at.when(row.at), &said.actor, reason.map_or("", |fact| fact.value.as_str())]),
        chip: Some(Chip::new(at.c.t("audit-outcome-refused"), Tone::Bad)),
        object: Some(("audit", row.id)),
        ..Item::default()
    }
}

/// 审计员
pub fn auditor(conn: &mut Connection, at: &At<'_>) -> Result<Vec<Duty>> {
    let filter = audit::Filter { outcome: Some("refused".into()), ..audit::Filter::default() };
    let refused = audit::page(conn, &filter, read::SHOWN)?;
    let said = audit_log::in_words(conn, at.c, &refused, at.zone)?;
    let items = refused.iter().zip(&said).map(|(row, said)| refusal(at, row, said));
    let mut duty = at.whole("refused", items.collect());
    duty.href = format!("{}?outcome=refused", paths::AUDIT);
    // The log is long.
    duty.count = at.counted(audit::count_outcome_up_to(conn, "refused", COUNTED + 1)?);
    Ok(vec![duty])
}
