//! The duties of each role, in words and links.

use chrono_tz::Tz;

use super::{
    counts,
    pages::{Duty, Item},
    papers,
    read::{self, Waiting},
    receipts,
};
use crate::{
    audit,
    directory::people::Actor,
    handover::waiting::Waits,
    platform::{
        db::{Connection, Instant},
        error::Result,
        http::{
            layout::Chrome,
            view::{Chip, MadeUp, Tone},
        },
        paths, time,
    },
};

/// What is due within so many days is due soon.
const SOON: i64 = 3;

/// When, where and for whom the page is made.
pub struct At<'a> {
    pub c: &'a Chrome,
    pub me: &'a Actor,
    pub now: Instant,
    pub zone: Tz,
}

/// What a line is called by. A number is its agency's own, and two of them may bear the same: the title tells them apart,
/// but where it was erased.
fn named(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

impl At<'_> {
    fn pick(&self, names: &(String, String)) -> String {
        self.c.language.pick(&names.0, &names.1).to_owned()
    }

    fn when(&self, at: Instant) -> String {
        time::format_instant(at, self.zone, self.c.language)
    }

    /// Overdue, due soon, or nothing.
    fn due_chip(&self, due: Option<Instant>) -> Option<Chip> {
        let due = due?;
        if due < self.now {
            Some(Chip::new(self.c.t("overdue"), Tone::Bad))
        } else if due <= self.now.plus_seconds(SOON * 86_400) {
            Some(Chip::new(self.c.t("home-due-soon"), Tone::Warn))
        } else {
            None
        }
    }

    fn due_note(&self, due: Option<Instant>) -> String {
        due.map_or_else(String::new, |due| self.c.tv("story-due-on", "date", self.when(due)))
    }

    fn duty(&self, id: &'static str, count: i64, href: &str, items: Vec<Item>) -> Duty {
        Duty {
            id,
            title: self.c.t(format!("home-{id}")),
            count: count.to_string(),
            href: href.to_owned(),
            items,
            remark: String::new(),
        }
    }

    /// A duty whose rows are all on the page; more than fit are said to be more.
    fn whole(&self, id: &'static str, items: Vec<Item>) -> Duty {
        let count = i64::try_from(items.len()).unwrap_or(read::SHOWN);
        let more = count >= read::SHOWN;
        let remark = if more { self.c.tn("home-first", read::SHOWN) } else { String::new() };
        Duty { remark, ..self.duty(id, count, "", items) }
    }

    fn lead(&self, row: read::LeadRow) -> Item {
        Item {
            label: format!("{} {}", row.number, row.title),
            href: paths::lead(row.id),
            note: self.c.tv("home-changed", "date", self.when(row.updated_at)),
            chip: None,
            object: Some(("lead", row.id)),
            made_up: MadeUp::of(row.synthetic, ""),
        }
    }

    fn transfer(&self, row: read::TransferRow) -> Item {
        let state = self.c.t(format!("story-transfer-{}", row.state.replace('_', "-")));
        let revoked = row.is_revoked && self.me.agency.is_none();
        let mut notes = vec![if revoked { self.c.t("home-revoked") } else { state }];
        let due = self.due_note(row.next_due_at);
        notes.extend((!due.is_empty()).then_some(due));
        Item {
            label: match self.me.agency {
                Some(_) => named(&[&row.number, &row.title]),
                None => named(&[&row.number, self.pick(&row.agency).as_str(), &row.title]),
            },
            href: paths::transfer(row.id),
            note: notes.join(" · "),
            chip: self.due_chip(row.next_due_at),
            object: Some(("transfer", row.id)),
            made_up: MadeUp::of(row.synthetic, ""),
        }
    }

    fn outcome(&self, row: read::OutcomeRow) -> Item {
        let mut note = time::format_date(row.happened_on, self.c.language);
        if self.me.agency.is_none() {
            note = format!("{} · {note}", self.pick(&row.agency));
        }
        Item {
            label: self.c.t(format!("story-outcome-{}", row.kind.replace('_', "-"))),
            href: paths::outcome(row.id),
            note,
            chip: None,
            object: Some(("outcome", row.id)),
            made_up: MadeUp::of(row.synthetic, ""),
        }
    }
}

/// 编制人、管理者: what only a second person records, and what nobody else than the platform can do: where nobody at the
/// agency can sign in, where a forward waits, and what an accuser may ask for.
pub fn recorder(conn: &mut Connection, at: &At<'_>) -> Result<Vec<Duty>> {
    let case = |row: papers::CasePaperRow| {
        let number = if row.number.is_empty() { at.c.t("case-no-number") } else { row.number };
        let taken_in = at.c.tv("home-scan-taken-in", "date", at.when(row.at));
        Item {
            label: format!("{number} · {}", at.pick(&row.agency)),
            href: paths::case(row.case_id),
            note: format!("{} · {taken_in}", row.title),
            chip: None,
            object: Some(("case", row.case_id)),
            made_up: MadeUp::of(row.synthetic, ""),
        }
    };
    // Here the agency is the one that it was forwarded to, and not the one whose number it bears.
    let forward = |row: read::SupplementRow| Item {
        label: named(&[&row.number, &row.title]),
        href: paths::transfer(row.transfer_id),
        note: format!("{} · {}", row.lead_number, at.c.tv("home-forward-to", "agency", at.pick(&row.agency))),
        chip: None,
        object: Some(("transfer", row.transfer_id)),
        made_up: MadeUp::of(row.synthetic, ""),
    };
    let receipts = receipts::to_record(conn, at.me.id)?.into_iter().map(|row| at.transfer(row)).collect();
    let cases = papers::case_papers(conn, at.me.id)?.into_iter().map(case).collect();
    let forwards = read::forwards(conn, at.me)?.into_iter().map(forward).collect();
    // Who sent it gets hold of the paper, and somebody else records from it: the scan takes it to their page.
    let by_paper = Duty { remark: at.c.t("home-paper-second"), ..waits(conn, at, Waits::ByPaper)? };
    Ok(vec![
        at.whole("receipts", receipts),
        at.whole("case-papers", cases),
        waits(conn, at, Waits::Remedy)?,
        by_paper,
        at.whole("forwards", forwards),
    ])
}

/// 编制人
pub fn compiler(conn: &mut Connection, at: &At<'_>) -> Result<Vec<Duty>> {
    let me = at.me.id;
    let supplement = |row: read::SupplementRow| Item {
        label: named(&[&row.number, at.pick(&row.agency).as_str(), &row.title]),
        href: paths::transfer(row.transfer_id),
        note: [row.lead_number, at.due_note(row.due_at)]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
        chip: at.due_chip(row.due_at),
        object: Some(("transfer", row.transfer_id)),
        made_up: MadeUp::of(row.synthetic, ""),
    };
    let dossier = |row: read::DossierRow| Item {
        label: at.c.ta(
            "home-dossier",
            &[
                ("number", &row.lead_number),
                ("version", &row.version.to_string()),
                ("agency", &at.pick(&row.agency)),
            ],
        ),
        href: match row.packed_at {
            Some(_) => format!("{}/new?dossier={}", paths::TRANSFERS, row.id),
            None => paths::dossier(row.id),
        },
        note: at.c.t(if row.packed_at.is_some() { "home-dossier-ready" } else { "home-dossier-working" }),
        chip: None,
        object: Some(("dossier", row.id)),
        made_up: MadeUp::of(row.synthetic, ""),
    };
    let outcomes = read::outcomes(conn, at.me, true)?.into_iter().map(|row| at.outcome(row)).collect();
    let returned: Vec<Item> = read::returned(conn, me)?.into_iter().map(|row| at.lead(row)).collect();
    let drafts = drafts(conn, at, returned.len())?;
    Ok(vec![
        at.whole("supplements", read::supplements(conn, Some(me))?.into_iter().map(supplement).collect()),
        waits(conn, at, Waits::Back)?,
        at.whole("returned", returned),
        at.whole("unsent", read::dossiers(conn, me, true)?.into_iter().map(dossier).collect()),
        waits(conn, at, Waits::Answer)?,
        at.whole("own-outcomes", outcomes),
        rejected(conn, at)?,
        at.whole("freezing", read::dossiers(conn, me, false)?.into_iter().map(dossier).collect()),
        drafts,
    ])
}

/// The drafts that never came back; the list has the others too, which stand in a place of their own above.
fn drafts(conn: &mut Connection, at: &At<'_>, returned: usize) -> Result<Duty> {
    let items: Vec<Item> = read::drafts(conn, at.me.id)?.into_iter().map(|row| at.lead(row)).collect();
    let all = if items.is_empty() { 0 } else { counts::drafts(conn, at.me.id)? };
    let mut duty = at.duty("drafts", all, "/leads?state=draft&owner=me", items);
    if all > 0 && returned > 0 {
        let shown = i64::try_from(returned).unwrap_or(read::SHOWN);
        // More may have come back than stand above.
        let n = if shown < read::SHOWN { shown } else { counts::returned(conn, at.me.id)? };
        duty.remark = at.c.tn("home-drafts-returned", n);
    }
    Ok(duty)
}

/// 审核人
pub fn approver(conn: &mut Connection, at: &At<'_>) -> Result<Vec<Duty>> {
    let item = |row: read::ReviewRow| Item {
        label: format!("{} {}", row.lead_number, row.title),
        href: paths::approval(row.id),
        note: at.c.tv("home-submitted", "date", at.when(row.submitted_at)),
        chip: None,
        object: Some(("review", row.id)),
        made_up: MadeUp::of(row.synthetic, ""),
    };
    let items: Vec<Item> = read::reviews(conn, at.me.id)?.into_iter().map(item).collect();
    let (mine, others) = counts::reviews(conn, at.me.id)?;
    let mut duty = at.duty("reviews", mine, "/approvals?acts=me", items);
    if others > 0 {
        duty.remark = at.c.tn("home-reviews-own", others);
    }
    Ok(vec![duty])
}

/// 管理者
pub fn manager(conn: &mut Connection, at: &At<'_>) -> Result<Vec<Duty>> {
    Ok(vec![overdue(conn, at)?, asked(conn, at)?, outcomes(conn, at)?, rejected(conn, at)?])
}

fn rows(conn: &mut Connection, at: &At<'_>, which: Waiting) -> Result<Vec<Item>> {
    Ok(read::transfers(conn, at.me, which)?.into_iter().map(|row| at.transfer(row)).collect())
}

/// How many there are of what is shown: counted only where more may be there than were read.
fn all(items: &[Item], count: impl FnOnce() -> Result<i64>) -> Result<i64> {
    match i64::try_from(items.len()) {
        Ok(shown) if shown < read::SHOWN => Ok(shown),
        _ => count(),
    }
}

/// Supplements that agencies asked for.
fn asked(conn: &mut Connection, at: &At<'_>) -> Result<Duty> {
    let which = Waiting::State("supplement_requested");
    let items = rows(conn, at, which)?;
    let count = all(&items, || counts::transfers(conn, at.me, which))?;
    Ok(at.duty("asked", count, "/transfers?state=supplement_requested&sort=due", items))
}

fn overdue(conn: &mut Connection, at: &At<'_>) -> Result<Duty> {
    let which = Waiting::Overdue(at.now);
    let items = rows(conn, at, which)?;
    let count = all(&items, || counts::transfers(conn, at.me, which))?;
    Ok(at.duty("overdue", count, "/transfers?overdue=yes&sort=due", items))
}

/// What waits for the reader's side so, with the list of all of it.
fn waits(conn: &mut Connection, at: &At<'_>, which: Waits) -> Result<Duty> {
    let items = rows(conn, at, Waiting::For(which))?;
    let count = all(&items, || counts::transfers(conn, at.me, Waiting::For(which)))?;
    let href = format!("{}?waits={}&sort=due", paths::TRANSFERS, which.as_str());
    Ok(at.duty(which.as_str(), count, &href, items))
}

/// What the reader's side asserted and the other side did not confirm.
fn rejected(conn: &mut Connection, at: &At<'_>) -> Result<Duty> {
    let items: Vec<Item> = read::rejected(conn, at.me)?.into_iter().map(|row| at.outcome(row)).collect();
    let count = all(&items, || counts::rejected(conn, at.me))?;
    Ok(at.duty("rejected-outcomes", count, "/outcomes?waits=rejected", items))
}

fn outcomes(conn: &mut Connection, at: &At<'_>) -> Result<Duty> {
    let items: Vec<Item> =
        read::outcomes(conn, at.me, false)?.into_iter().map(|row| at.outcome(row)).collect();
    let count = all(&items, || counts::outcomes(conn, at.me))?;
    Ok(at.duty("outcomes", count, "/outcomes?waits=me", items))
}

/// 联络员: everything that waits for the own agency, by due date.
pub fn liaison(conn: &mut Connection, at: &At<'_>) -> Result<Vec<Duty>> {
    Ok(vec![
        overdue(conn, at)?,
        waits(conn, at, Waits::Acknowledge)?,
        waits(conn, at, Waits::Version)?,
        waits(conn, at, Waits::Decide)?,
        waits(conn, at, Waits::Filing)?,
        waits(conn, at, Waits::Handling)?,
        waits(conn, at, Waits::NotFiled)?,
        waits(conn, at, Waits::Answer)?,
        outcomes(conn, at)?,
        rejected(conn, at)?,
    ])
}

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

/// The log is long: refused tries are counted no further.
const MOST_COUNTED: i64 = 999;

/// 审计员
pub fn auditor(conn: &mut Connection, at: &At<'_>) -> Result<Vec<Duty>> {
    let filter = audit::Filter { outcome: Some("refused".into()), ..audit::Filter::default() };
    let refused = audit::page(conn, &filter, read::SHOWN)?;
    let item = |row: &audit::Row| Item {
        label: audit::verb_title(at.c.language, &row.verb),
        href: format!("{}/{}", paths::AUDIT, row.id),
        note: at.when(row.at),
        chip: Some(Chip::new(at.c.t("audit-outcome-refused"), Tone::Bad)),
        object: Some(("audit", row.id)),
        ..Item::default()
    };
    let mut duty = at.whole("refused", refused.iter().map(item).collect());
    duty.href = format!("{}?outcome=refused", paths::AUDIT);
    let all = audit::count_refused_up_to(conn, MOST_COUNTED + 1)?;
    duty.count = if all > MOST_COUNTED { at.c.tn("more-than", MOST_COUNTED) } else { all.to_string() };
    Ok(vec![duty])
}
